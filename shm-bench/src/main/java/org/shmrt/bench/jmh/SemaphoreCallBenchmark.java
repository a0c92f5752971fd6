package org.shmrt.bench.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.shmrt.bindings.posix.Posix;
import org.shmrt.posix.Semaphore;

/**
 * The semaphore calls of the C library by kind of downcall: plain, as jextract generates it; with errno capture; and
 * critical, which omits the thread state transition. No thread sleeps on the semaphore. {@code value} reads the value as
 * ShmRT does, without a call.
 */
public class SemaphoreCallBenchmark extends CallBenchmark {
    /** For JMH. */
    public SemaphoreCallBenchmark() {}

    private static final MethodHandle POST_ERRNO = withErrno(Posix.sem_post$address(), Posix.sem_post$descriptor());
    private static final MethodHandle POST_CRITICAL = critical(Posix.sem_post$address(), Posix.sem_post$descriptor());
    private static final MethodHandle TRY_WAIT_ERRNO =
            withErrno(Posix.sem_trywait$address(), Posix.sem_trywait$descriptor());
    private static final MethodHandle TRY_WAIT_CRITICAL =
            critical(Posix.sem_trywait$address(), Posix.sem_trywait$descriptor());
    private static final MethodHandle GET_VALUE_ERRNO =
            withErrno(Posix.sem_getvalue$address(), Posix.sem_getvalue$descriptor());
    private static final MethodHandle GET_VALUE_CRITICAL =
            critical(Posix.sem_getvalue$address(), Posix.sem_getvalue$descriptor());

    @SuppressWarnings("restricted")
    private static MethodHandle withErrno(MemorySegment function, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(function, shape, Linker.Option.captureCallState("errno"));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle critical(MemorySegment function, FunctionDescriptor shape) {
        return Linker.nativeLinker().downcallHandle(function, shape, Linker.Option.critical(false));
    }

    /** A semaphore in private memory, and the memory that the calls write to. */
    @State(Scope.Benchmark)
    public static class Unnamed {
        private Arena arena;
        private MemorySegment semaphore;
        private MemorySegment value;
        private MemorySegment errno;

        /** For JMH. */
        public Unnamed() {}

        /** Allocates it. */
        @Setup
        public void allocate() {
            arena = Arena.ofShared();
            MemoryLayout errnoLayout = Linker.Option.captureStateLayout();
            semaphore = arena.allocate(Semaphore.BYTES, 8);
            value = arena.allocate(ValueLayout.JAVA_INT);
            errno = arena.allocate(errnoLayout);
        }

        /** Resets it: a semaphore that is only posted would overflow after some iterations. */
        @Setup(Level.Iteration)
        public void empty() {
            Posix.sem_init(semaphore, 1, 0);
        }

        /** Frees it. */
        @TearDown
        public void free() {
            arena.close();
        }
    }

    /**
     * sem_post, plain.
     *
     * @param unnamed the semaphore
     * @return 0
     * @throws Throwable never
     */
    @Benchmark
    public int postPlain(Unnamed unnamed) throws Throwable {
        return Posix.sem_post(unnamed.semaphore);
    }

    /**
     * sem_post with errno capture.
     *
     * @param unnamed the semaphore
     * @return 0
     * @throws Throwable never
     */
    @Benchmark
    public int postErrno(Unnamed unnamed) throws Throwable {
        return (int) POST_ERRNO.invokeExact(unnamed.errno, unnamed.semaphore);
    }

    /**
     * sem_post, critical.
     *
     * @param unnamed the semaphore
     * @return 0
     * @throws Throwable never
     */
    @Benchmark
    public int postCritical(Unnamed unnamed) throws Throwable {
        return (int) POST_CRITICAL.invokeExact(unnamed.semaphore);
    }

    /**
     * sem_trywait on an empty semaphore, plain.
     *
     * @param unnamed the semaphore
     * @return -1
     * @throws Throwable never
     */
    @Benchmark
    public int tryWaitPlain(Unnamed unnamed) throws Throwable {
        return Posix.sem_trywait(unnamed.semaphore);
    }

    /**
     * sem_trywait on an empty semaphore, with errno capture.
     *
     * @param unnamed the semaphore
     * @return -1
     * @throws Throwable never
     */
    @Benchmark
    public int tryWaitErrno(Unnamed unnamed) throws Throwable {
        return (int) TRY_WAIT_ERRNO.invokeExact(unnamed.errno, unnamed.semaphore);
    }

    /**
     * sem_trywait on an empty semaphore, critical.
     *
     * @param unnamed the semaphore
     * @return -1
     * @throws Throwable never
     */
    @Benchmark
    public int tryWaitCritical(Unnamed unnamed) throws Throwable {
        return (int) TRY_WAIT_CRITICAL.invokeExact(unnamed.semaphore);
    }

    /**
     * sem_getvalue, plain.
     *
     * @param unnamed the semaphore
     * @return 0
     * @throws Throwable never
     */
    @Benchmark
    public int getValuePlain(Unnamed unnamed) throws Throwable {
        return Posix.sem_getvalue(unnamed.semaphore, unnamed.value);
    }

    /**
     * sem_getvalue with errno capture.
     *
     * @param unnamed the semaphore
     * @return 0
     * @throws Throwable never
     */
    @Benchmark
    public int getValueErrno(Unnamed unnamed) throws Throwable {
        return (int) GET_VALUE_ERRNO.invokeExact(unnamed.errno, unnamed.semaphore, unnamed.value);
    }

    /**
     * sem_getvalue, critical.
     *
     * @param unnamed the semaphore
     * @return 0
     * @throws Throwable never
     */
    @Benchmark
    public int getValueCritical(Unnamed unnamed) throws Throwable {
        return (int) GET_VALUE_CRITICAL.invokeExact(unnamed.semaphore, unnamed.value);
    }

    /**
     * Loads the value from the word in which glibc keeps it, without a call.
     *
     * @param unnamed the semaphore
     * @return 0
     * @throws Throwable never
     */
    @Benchmark
    public int value(Unnamed unnamed) throws Throwable {
        return unnamed.semaphore.get(ValueLayout.JAVA_INT, 0);
    }
}
