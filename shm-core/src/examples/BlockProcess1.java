// Two processes share four bytes: this one creates the block and writes byte 0, BlockProcess2.java writes bytes 1 to 3.
//
//   java -cp shm-core/target/shm-core.jar --enable-native-access=ALL-UNNAMED shm-core/src/examples/BlockProcess1.java
//
// from the project's directory, with a java of JDK 22 or newer, after "mvn package". Start it first; then start
// BlockProcess2.java in a second terminal, or a Python program that attaches the block by its name. Enter, or the end
// of the time, goes on without a second process.
//
// Arguments: [NAME [SECONDS]], the block's name and how long to wait.

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.shmrt.block.SharedMemory;
import org.shmrt.error.ShmException;

public class BlockProcess1 {
    public static void main(String[] args) throws IOException, InterruptedException {
        String name = args.length > 0 ? args[0] : "shmrt_example";
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 60;
        try (SharedMemory block = SharedMemory.create(name, 4)) {
            try {
                MemorySegment buf = block.buf();
                buf.set(ValueLayout.JAVA_BYTE, 0, (byte) 10);
                System.out.println("process 1: made " + name + ", waiting for process 2 (Enter goes on without it)");
                awaitLastByte(buf, seconds);
                System.out.println("process 1: bytes 0-3 are "
                        + HexFormat.ofDelimiter(" ").formatHex(buf.asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE)));
            } finally {
                block.unlink();
            }
        } catch (ShmException e) {
            System.err.println("process 1: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Process 2 writes byte 3 last. The acquiring load sees what was written before it. */
    private static void awaitLastByte(MemorySegment buf, int seconds) throws IOException, InterruptedException {
        long endNs = System.nanoTime() + seconds * 1_000_000_000L;
        while ((byte) ValueLayout.JAVA_BYTE.varHandle().getAcquire(buf, 3L) == 0
                && System.nanoTime() < endNs
                && System.in.available() == 0) {
            Thread.sleep(10);
        }
    }
}
