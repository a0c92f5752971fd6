package org.shmrt.jvm;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the JVM does beside the loop: compilation, and allocation by the loop's thread. The optional modules
 * java.management and jdk.management report it; without them nothing is known, which is never taken for a problem.
 */
public final class JvmActivity {
    private JvmActivity() {}

    private static final class Beans {
        static final CompilationMXBean COMPILATION = ManagementFactory.getCompilationMXBean();
        static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    }

    /** The time that the JVM has spent compiling so far, in milliseconds; 0 if that is not known. */
    public static long compilationMs() {
        try {
            CompilationMXBean bean = Beans.COMPILATION;
            return bean == null || !bean.isCompilationTimeMonitoringSupported() ? 0 : bean.getTotalCompilationTime();
        } catch (LinkageError e) {
            return 0;
        }
    }

    /** The bytes that a thread has allocated so far; 0 if that is not known. */
    public static long allocatedBytes(long threadId) {
        try {
            return Math.max(0, Beans.THREADS.getThreadAllocatedBytes(threadId));
        } catch (LinkageError e) {
            return 0;
        }
    }
}
