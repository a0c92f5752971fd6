package org.shmrt.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.shmrt.process.ChildProcess;
import org.shmrt.testing.ChildJvm;

/** Each implementation computes the same, whichever this JVM can use. */
@Tag("slow")
class KernelTest {
    private static final String VECTOR_FLAG = "--add-modules=jdk.incubator.vector";

    @Test
    void shouldMultiplyAsSumsInDoubleDo() {
        KernelChecks.products(KernelKind.SCALAR);
    }

    @Test
    void shouldPassOnNotANumberAndInfinityInTheirRowOnly() {
        KernelChecks.specialValues(KernelKind.SCALAR);
    }

    @Test
    void shouldComputeSlopesAsSumsInDoubleDo() {
        KernelChecks.slopes(KernelKind.SCALAR);
    }

    @Test
    void shouldMultiplyTheSameWithOpenBlas() {
        assumeTrue(
                KernelKind.OPENBLAS.missingReason().isEmpty(),
                () -> KernelKind.OPENBLAS.missingReason().orElse(""));
        KernelChecks.products(KernelKind.OPENBLAS);
        KernelChecks.specialValues(KernelKind.OPENBLAS);
    }

    @Test
    void shouldComputeTheSameWithTheVectorApi() {
        assertEquals(
                1,
                child(KernelChecks.class, VECTOR_FLAG, "VECTOR").stream()
                        .filter(line -> line.matches("checked Vector API, \\d+ bits"))
                        .count());
    }

    @Test
    void shouldComputeTheSameWithRegistersOfTheLeastWidth() {
        assumeTrue(System.getProperty("os.arch").matches("amd64|x86_64"), "the option is one of x86 processors");
        List<String> lines = child(KernelChecks.class, List.of(VECTOR_FLAG, "-XX:UseAVX=0"), "VECTOR");
        assertTrue(lines.contains("checked Vector API, 128 bits"), lines::toString);
    }

    @Test
    void shouldUsePlainJavaAndSayWhyWhereTheJvmHasNoVectorApi() {
        List<String> lines = child(WithoutVectorApi.class, "-Dnothing=0", "97");
        assertTrue(
                lines.contains(
                        "VECTOR: the JVM was started without the Vector API: add --add-modules jdk.incubator.vector"),
                lines::toString);
    }

    /** Warms up without the Vector API. */
    static final class WithoutVectorApi {
        private WithoutVectorApi() {}

        public static void main(String[] words) {
            int rows = Integer.parseInt(words[0]);
            KernelChoice choice = FloatMatrix.of(rows, 3, new float[3 * rows]).warmUp();
            KernelChoice slopes = new SlopeComputer(SubapertureGrid.of(20, 20, 10)).warmUp();
            choice.missing().forEach(System.out::println);
            if (slopes.chosen() != KernelKind.SCALAR || choice.chosen() == KernelKind.VECTOR) {
                throw new AssertionError(choice + ", " + slopes);
            }
        }
    }

    /** Chooses with all that this machine has, and multiplies without allocation. */
    @Test
    @Tag("slow")
    void shouldChooseTheFastestOfTheMeasuredKernels() {
        List<String> lines = child(ChoosesAndMultiplies.class, VECTOR_FLAG, "97");
        assertTrue(lines.contains("0 bytes"), lines::toString);
    }

    static final class ChoosesAndMultiplies {
        private static final int CALLS = 20_000;

        private ChoosesAndMultiplies() {}

        public static void main(String[] words) {
            int rows = Integer.parseInt(words[0]);
            int columns = 3 * rows - 3;
            float[] a = KernelChecks.values(new Random(7), rows * columns);
            FloatMatrix matrix = FloatMatrix.of(rows, columns, a);
            KernelChoice choice = matrix.warmUp();
            System.out.println(choice);
            List<KernelKind> measured =
                    choice.speeds().stream().map(KernelSpeed::kind).toList();
            List<KernelKind> usable = new ArrayList<>(List.of(KernelKind.values()));
            usable.removeIf(kind -> kind.missingReason().isPresent());
            assertEquals(usable, measured);
            assertEquals(choice.chosen(), matrix.kernel());
            assertEquals(choice, matrix.choice().orElseThrow());
            for (KernelSpeed speed : choice.speeds()) {
                assertTrue(0.95 * choice.medianNs() <= speed.medianNs(), choice::toString);
            }
            float[] x = KernelChecks.values(new Random(8), columns);
            float[] y = new float[rows];
            matrix.multiply(x, y);
            KernelChecks.requireProduct(a, x, y, matrix.kernel());

            SlopeComputer slopes = new SlopeComputer(SubapertureGrid.of(120, 120, 10));
            System.out.println(slopes.warmUp());
            LeakyIntegrator integrator = new LeakyIntegrator(rows, 0.5f, 0.99f);
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment frame = arena.allocate(28_800);
                MemorySegment command = arena.allocate(4L * rows);
                for (int i = 0; i < CALLS; i++) {
                    step(slopes, matrix, integrator, frame, SLOPES, y, command);
                }
                com.sun.management.ThreadMXBean threads =
                        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
                long deadlineNs = System.nanoTime() + 60_000_000_000L;
                long bytes;
                do { // until the compilers are done
                    long before = threads.getCurrentThreadAllocatedBytes();
                    for (int i = 0; i < CALLS; i++) {
                        step(slopes, matrix, integrator, frame, SLOPES, y, command);
                    }
                    bytes = threads.getCurrentThreadAllocatedBytes() - before;
                    // Reading the counter allocates some bytes itself.
                } while (bytes >= CALLS && System.nanoTime() - deadlineNs < 0);
                System.out.println((bytes < CALLS ? 0 : bytes) + " bytes");
            }
        }

        private static final float[] SLOPES = new float[288];

        private static void step(
                SlopeComputer slopes,
                FloatMatrix matrix,
                LeakyIntegrator integrator,
                MemorySegment frame,
                float[] vector,
                float[] error,
                MemorySegment command) {
            slopes.compute(frame, vector);
            matrix.multiply(vector, error);
            integrator.update(error, command);
        }
    }

    @Test
    void shouldRefuseToUseWhatTheJvmLacks() {
        assumeTrue(KernelKind.VECTOR.missingReason().isPresent(), "this JVM has the Vector API");
        FloatMatrix matrix = FloatMatrix.of(1, 1, new float[1]);

        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> matrix.use(KernelKind.VECTOR));
        assertEquals(
                "kernel VECTOR cannot be used: the JVM was started without the Vector API: add --add-modules"
                        + " jdk.incubator.vector",
                refused.getMessage());
        assertEquals(KernelKind.SCALAR, matrix.kernel());
    }

    private static List<String> child(Class<?> main, String flag, String argument) {
        return child(main, List.of(flag), argument);
    }

    private static List<String> child(Class<?> main, List<String> flags, String argument) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED"));
        try (ChildProcess child = ChildProcess.start(ChildJvm.command(all, main, argument))) {
            return child.finish();
        }
    }
}
