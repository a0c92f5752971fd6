package org.shmrt.camera.packet;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.ShmException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Joins a multicast group, and reports whether it could. */
final class MulticastChild {
    private MulticastChild() {}

    public static void main(String[] arguments) {
        SourceOptions options = new SourceOptions(
                Optional.of(Shape.of(6, 8)),
                Optional.of(DataType.UINT16),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                PacketFixture.DESCRIPTION);
        try (FrameSource source = FrameSource.open("udp:" + arguments[0], options)) {
            System.out.println("joined, " + source.format().frameBytes());
        } catch (ShmException e) {
            System.out.println(e.getMessage());
        }
    }
}
