package org.shmrt.camera.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.camera.FrameSource;
import org.shmrt.camera.SourceOptions;
import org.shmrt.error.IncompatibleException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.testing.ExternalCommand;
import org.shmrt.testing.FreePort;

/** Descriptions of packets, and RTP raw video. */
@Timeout(600)
class PacketFormatsTest extends PacketFixture {
    @Test
    void shouldReadADescriptionFromAFile() throws IOException {
        Path file = scratch.directory().resolve("detector.txt");
        Files.writeString(file, """
            # our detector
            header = 10
            frame = 0:4   # big-endian
            packet = 4:2
            total=6:2
            offset = 8:2
            """);
        int port = FreePort.udp();
        try (FrameSource source = open(port, Map.of("description", file.toString()))) {
            Frames frames = new Frames(source);
            sendFrame(port, 1);
            frames.readUntil(source, 1);
            assertEquals(List.of(1L), frames.ids);
        }
        Files.writeString(file, "heder = 10\n");
        assertThrows(IncompatibleException.class, () -> open(port, Map.of("description", file.toString())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "header; x; needs header=NUMBER",
                "frame; 8:4; outside of the header",
                "frame; 0-4; is not AT:BYTES",
                "payload; 4; either offset=AT:BYTES or payload=BYTES",
                "order; middle; use big or little",
                "incomplete; keep; use withhold or publish",
                "sampling; rgb; applies to description=rtp only",
                "nosuch; 1; no setting 'nosuch'",
                "description; rtp; does not apply to description=rtp",
            })
    void shouldRefuseDescriptions(String name, String value, String reason) throws IOException {
        int port = FreePort.udp();
        IllegalArgumentException failure =
                assertThrows(IllegalArgumentException.class, () -> open(port, with(name, value)));
        assertTrue(failure.getMessage().contains(reason), failure.getMessage());
    }

    private static void assumeRtp() {
        Assumptions.assumeTrue(
                ExternalCommand.succeeds("gst-inspect-1.0", "rtpvrawpay"),
                "gst-launch-1.0 or its good plugins are not installed");
    }

    @ParameterizedTest
    @CsvSource({"RGB, rgb, 3", "BGR, bgr, 3", "UYVY, uyvy, 1"})
    void shouldReadRtpRawVideoOfGstreamer(String format, String sampling, int channels)
            throws IOException, InterruptedException {
        assumeRtp();
        int port = FreePort.udp();
        Path expected = scratch.directory().resolve("expected.raw");
        String caps = "video/x-raw,format=" + format + ",width=64,height=30,framerate=50/1";
        // every frame shows the same picture, so that it does not matter which ones arrive
        assertTrue(ExternalCommand.succeeds(
                "gst-launch-1.0",
                "-q",
                "videotestsrc",
                "num-buffers=1",
                "pattern=smpte75",
                "!",
                caps,
                "!",
                "filesink",
                "location=" + expected));
        byte[] picture = Files.readAllBytes(expected);
        Files.delete(expected);
        Shape shape = channels == 3 ? Shape.of(30, 64, 3) : Shape.of(30, 64);
        SourceOptions options = options(shape, DataType.UINT8, 50, Map.of("description", "rtp", "sampling", sampling));
        try (FrameSource source = FrameSource.open("udp:127.0.0.1:" + port, options)) {
            Process program = new ProcessBuilder(
                            "gst-launch-1.0",
                            "-q",
                            "videotestsrc",
                            "num-buffers=20",
                            "is-live=true",
                            "pattern=smpte75",
                            "!",
                            caps,
                            "!",
                            "rtpvrawpay",
                            "!",
                            "udpsink",
                            "host=127.0.0.1",
                            "port=" + port)
                    .inheritIO()
                    .start();
            try {
                Frames frames = new Frames(source);
                int count = 0;
                while (count + source.lost() < 20) {
                    if (source.read(frames, 50_000_000L) == FrameSource.Arrival.FRAME) {
                        byte[] found = frames.memory.toArray(ValueLayout.JAVA_BYTE);
                        for (int i = 0; i < found.length; i++) {
                            int at = channels == 1 ? 2 * i + 1 : format.equals("RGB") ? i : i / 3 * 3 + 2 - i % 3;
                            assertEquals(picture[at], found[i], "byte " + i);
                        }
                        assertEquals(count + source.lost(), frames.id);
                        count++;
                    }
                }
                assertFalse(Arrays.equals(new byte[picture.length], picture));
                assertEquals(20, count + source.lost());
            } finally {
                program.destroyForcibly().waitFor();
            }
        }
    }
}
