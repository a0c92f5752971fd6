package org.shmrt.math.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The library OpenBLAS, if it is installed. It is set to one thread, for the whole process: its worker threads have no
 * real-time priority, and a step must not wait for them.
 */
@SuppressWarnings("restricted")
public final class OpenBlas {
    /** The name of the library in Debian, Fedora and others; the number is that of its binary interface. */
    private static final String LIBRARY = "libopenblas.so.0";

    private static final int MOST_TEXT = 256;

    private OpenBlas() {}

    /**
     * The library, or why it cannot be used.
     *
     * @param version version and build options as the library reports them; empty if it cannot be used
     * @param missingReason why not, and what to do; empty if it can
     */
    public record Lookup(String version, String missingReason) {
        public boolean isUsable() {
            return missingReason.isEmpty();
        }
    }

    private static final MethodHandle SGEMV;
    private static final Lookup LOOKUP;

    static {
        MethodHandle sgemv = null;
        Lookup lookup;
        try {
            SymbolLookup library = SymbolLookup.libraryLookup(LIBRARY, Arena.global());
            Linker linker = Linker.nativeLinker();
            MethodHandle threads = linker.downcallHandle(
                    library.find("openblas_set_num_threads").orElseThrow(), FunctionDescriptor.ofVoid(JAVA_INT));
            threads.invoke(1);
            MethodHandle config = linker.downcallHandle(
                    library.find("openblas_get_config").orElseThrow(), FunctionDescriptor.of(ADDRESS));
            MemorySegment text = (MemorySegment) config.invoke();
            sgemv = linker.downcallHandle(
                    library.find("cblas_sgemv").orElseThrow(),
                    FunctionDescriptor.ofVoid(
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_FLOAT,
                            ADDRESS,
                            JAVA_INT,
                            ADDRESS,
                            JAVA_INT,
                            JAVA_FLOAT,
                            ADDRESS,
                            JAVA_INT));
            lookup = new Lookup(text.reinterpret(MOST_TEXT).getString(0).strip().replaceAll("\\s+", " "), "");
        } catch (IllegalCallerException e) {
            lookup = new Lookup(
                    "",
                    "this JVM does not permit native access: add --enable-native-access=ALL-UNNAMED"
                            + " (or =org.shmrt.core on the module path)");
        } catch (IllegalArgumentException e) {
            lookup = new Lookup(
                    "",
                    LIBRARY + " is not installed: install it, for example the Debian package"
                            + " libopenblas0-pthread");
        } catch (Throwable e) {
            lookup = new Lookup("", LIBRARY + " cannot be used: " + e);
        }
        SGEMV = sgemv;
        LOOKUP = lookup;
    }

    /** The result of the only search in this JVM. */
    public static Lookup lookup() {
        return LOOKUP;
    }

    /** The order of the elements of a matrix in memory, with the constants of cblas.h. */
    enum Order {
        BY_ROWS(101),
        BY_COLUMNS(102);

        private final int code;

        Order(int code) {
            this.code = code;
        }
    }

    private static final int NO_TRANSPOSITION = 111;

    /** Computes {@code y = A x} in native memory. */
    static void multiply(Order order, int rows, int columns, MemorySegment a, MemorySegment x, MemorySegment y) {
        int leading = order == Order.BY_ROWS ? columns : rows;
        try {
            SGEMV.invokeExact(order.code, NO_TRANSPOSITION, rows, columns, 1f, a, leading, x, 1, 0f, y, 1);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
