// Two processes share four bytes: BlockProcess1.java creates the block and writes byte 0, this one writes bytes 1 to 3.
//
//   java -cp shm-core/target/shm-core.jar --enable-native-access=ALL-UNNAMED shm-core/src/examples/BlockProcess2.java
//
// from the project's directory, with a java of JDK 22 or newer, after "mvn package" and while process 1 waits.
//
// Argument: [NAME], the block's name.

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.HexFormat;
import org.shmrt.block.SharedMemory;
import org.shmrt.error.NotFoundException;
import org.shmrt.error.ShmException;

public class BlockProcess2 {
    public static void main(String[] args) {
        String name = args.length > 0 ? args[0] : "shmrt_example";
        try (SharedMemory block = SharedMemory.attach(name)) {
            MemorySegment buf = block.buf();
            buf.set(ValueLayout.JAVA_BYTE, 1, (byte) 11);
            buf.set(ValueLayout.JAVA_BYTE, 2, (byte) 12);
            VarHandle.releaseFence(); // byte 3 says that the others are there
            buf.set(ValueLayout.JAVA_BYTE, 3, (byte) 13);
            System.out.println("process 2: bytes 0-3 are "
                    + HexFormat.ofDelimiter(" ").formatHex(buf.asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE)));
        } catch (NotFoundException e) {
            System.err.println("process 2: " + e.getMessage() + ": start process 1 first");
            System.exit(1);
        } catch (ShmException e) {
            System.err.println("process 2: " + e.getMessage());
            System.exit(1);
        }
    }
}
