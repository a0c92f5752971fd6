package org.shmrt.camera.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shmrt.camera.FrameFormat;
import org.shmrt.camera.FrameTarget;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;

/** Packets from anybody on the network: nothing outside of the frame is written, and nothing is thrown. */
class MalformedPacketsTest {
    private static final int GUARD = 64;

    /** A frame between two guards. */
    private static final class Guarded implements FrameTarget {
        private final MemorySegment all;
        private final MemorySegment frame;

        Guarded(long bytes) {
            all = Arena.ofAuto().allocate(bytes + 2 * GUARD, 8);
            frame = all.asSlice(GUARD, bytes);
        }

        void check() {
            for (int i = 0; i < GUARD; i++) {
                assertEquals(0, all.get(ValueLayout.JAVA_BYTE, i));
                assertEquals(0, all.get(ValueLayout.JAVA_BYTE, all.byteSize() - 1 - i));
            }
        }

        @Override
        public MemorySegment pixels() {
            return frame;
        }

        @Override
        public void frameId(long id) {}

        @Override
        public void acquiredNs(long unixNs) {}
    }

    private static FieldPackets fields(FrameFormat frames, Map<String, String> settings) {
        return new FieldPackets(PacketDescription.of(settings), frames);
    }

    private static FrameFormat frames(DataType type, long... lengths) {
        Shape shape = Shape.of(lengths);
        return lengths.length == 3
                ? new FrameFormat(type, shape, FrameFormat.Pixels.RGB, 8, OptionalDouble.of(25))
                : FrameFormat.mono(type, shape);
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void shouldRefuseADescriptionThatIsAPipeOrTooLong(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path large = Files.write(directory.resolve("large"), new byte[(1 << 16) + 1]);

        for (Path file : List.of(pipe, large, Path.of("/dev/zero"))) {
            IncompatibleException refused = assertThrows(
                    IncompatibleException.class, () -> PacketDescription.withFile(Map.of(), file.toString()));
            assertTrue(refused.getMessage().contains("cannot read " + file), refused.getMessage());
        }
    }

    static Stream<Object[]> formats() {
        FrameFormat grey = frames(DataType.UINT16, 8, 10);
        FrameFormat colours = frames(DataType.UINT8, 8, 10, 3);
        FrameFormat bytes = frames(DataType.UINT8, 8, 10);
        return Stream.of(
                new Object[] {
                    grey,
                    fields(grey, Map.of("header", "24", "frame", "0:8", "packet", "8:4", "offset", "16:8", "unit", "2"))
                },
                new Object[] {
                    grey, fields(grey, Map.of("header", "3", "frame", "0:1", "packet", "1:2", "payload", "20"))
                },
                new Object[] {colours, new RtpPackets(colours, RtpPackets.Sampling.RGB)},
                new Object[] {colours, new RtpPackets(colours, RtpPackets.Sampling.BGR)},
                new Object[] {bytes, new RtpPackets(bytes, RtpPackets.Sampling.UYVY)},
                new Object[] {grey, new RtpPackets(grey, RtpPackets.Sampling.MONO)});
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldTakeAnyPacket(FrameFormat frames, PacketFormat format) {
        Assembler assembler =
                new Assembler(format, frames.frameBytes(), frames.type().itemBytes(), Assembler.Incomplete.WITHHOLD);
        Guarded target = new Guarded(frames.frameBytes());
        PacketBuffer packet = new PacketBuffer();
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            packet.length = random.nextInt(80);
            for (int at = 0; at < packet.length; at++) {
                // small numbers, so that many headers are almost right
                packet.memory.set(ValueLayout.JAVA_BYTE, at, (byte) (random.nextInt(4) > 0 ? 0 : random.nextInt(256)));
            }
            if (format instanceof RtpPackets) {
                packet.memory.set(ValueLayout.JAVA_BYTE, 0, (byte) (0x80 | random.nextInt(0x20)));
            }
            if (assembler.offer(packet, target) == Assembler.Outcome.EARLY || random.nextInt(50) == 0) {
                if (assembler.inFrame()) {
                    assembler.giveUp();
                }
            }
        }
        target.check();
        assertTrue(assembler.lost() >= assembler.damaged() && assembler.damaged() > 0, assembler.remark());
    }

    @Test
    void shouldTakeAllLengthsOfAPacket() {
        FrameFormat grey = frames(DataType.UINT16, 200, 200);
        PacketFormat format = new RtpPackets(grey, RtpPackets.Sampling.MONO);
        PacketBuffer packet = new PacketBuffer();
        packet.memory.fill((byte) 0xff);
        packet.memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x9f); // an extension of the largest size
        for (int length = 0; length <= 65_507; length += 13) {
            assertFalse(format.parse(packet.memory, length));
        }
    }
}
