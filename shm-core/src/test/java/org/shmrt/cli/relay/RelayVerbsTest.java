package org.shmrt.cli.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.process.ChildProcess;
import org.shmrt.relay.service.RelayFixture;
import org.shmrt.relay.service.RelayServer;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.stream.FrameWriter;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;

/** {@code shm relay}: what it refuses, and what it shows. */
@Timeout(600)
class RelayVerbsTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inSharedMemory();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serve | 2 | give streams",
                "serve --all STREAM | 2 | --all",
                "serve STREAM --port 70000 | 2 | a port is 0 to 65535",
                "serve STREAM --bind 0.0.0.0 | 2 | --key-file",
                "serve STREAM --bind no.such.machine.invalid | 1 | no machine of this name",
                "serve STREAM --wait never | 2 | --wait",
                "serve STREAM --aeron --mtu 100 | 2 | --mtu",
                "serve STREAM --mtu 2048 | 2 | --mtu: give --aeron",
                "serve STREAM --multicast 239.255.77.20:7721 | 2 | must be odd",
                "get 127.0.0.1:1:cam STREAM --window 1M | 2 | --window: give --aeron",
                "get 127.0.0.1:1:cam STREAM --aeron-dir DIR | 2 | --aeron-dir: give --aeron",
                "get | 2 | HOST:STREAM",
                "get rtc1 | 2 | give a stream",
                "get 192.0.2.1:cam STREAM | 2 | --key-file",
                "get 127.0.0.1:cam STREAM --dao --every | 2 | newest frame only",
                "get 127.0.0.1:cam STREAM --depth 0 | 2 | --depth",
                "get 127.0.0.1:1:cam STREAM | 1 | nobody listens there",
                "get no.such.machine.invalid:cam STREAM | 1 | no machine of this name",
                "list 127.0.0.1:1 | 1 | nobody listens there",
                "list no.such.machine.invalid | 1 | no machine of this name",
                "list 127.0.0.1:1:cam | 2 | give a machine only",
                "list 192.0.2.1 --dao | 2 | --key-file",
            })
    void shouldRefuseInOneLine(String arguments, int status, String reason) {
        shm.runLine("relay " + arguments).refused(status, reason);
    }

    @Test
    void shouldFitTheColumnsOfTheStatusToTheirContents() {
        String name = "stream_with_a_name_of_more_than_twenty_characters";
        try (StatusPage page = StatusPage.create("gets " + name);
                StatusRow row = page.row(RowRole.RECEIVE, name, "rtc1", "tcp")) {
            row.set(RowCounter.FRAMES, 1234);
            List<String> lines = shm.run("relay", "status")
                    .out()
                    .lines()
                    .dropWhile(line -> !line.startsWith(
                            "process " + ProcessHandle.current().pid() + ":"))
                    .limit(3)
                    .toList();

            assertEquals(lines.get(1).indexOf("MACHINE"), lines.get(2).indexOf("rtc1"), lines::toString);
            assertEquals(
                    lines.get(1).indexOf("FRAMES") + "FRAMES".length(),
                    lines.get(2).indexOf("1234") + "1234".length(),
                    lines::toString);
            assertEquals(lines.get(1).length(), lines.get(2).length(), lines::toString);
        }
    }

    @Test
    void shouldKeepASecretSecret() throws IOException {
        Path key = shm.file("key");
        Files.writeString(key, "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        shm.run("relay", "list", "127.0.0.1:1", "--key-file", key.toString()).refused(1, "is no secret");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        shm.run("relay", "list", "127.0.0.1:1", "--key-file", key.toString()).refused(1, "nobody listens");
        Files.writeString(key, "short");
        shm.run("relay", "list", "127.0.0.1:1", "--key-file", key.toString()).refused(2, "at least 32");
    }

    @Test
    void shouldSayThatThereIsNoRelay() throws Exception {
        try (ChildProcess status = shm.start(
                "relay status", Map.of("SHMRT_RELAY_DIR", shm.directory().toString()))) {
            assertEquals(0, status.exitCode());
            assertEquals(
                    "shm relay status: no relays in " + shm.directory()
                            + ": shm relay serve and shm relay get start one",
                    status.errors().strip());
        }
    }

    @Test
    void shouldReportAPortInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            shm.runLine("relay serve STREAM --port " + other.getLocalPort())
                    .refused(1, "another program uses the port");
        }
    }

    @Test
    void shouldListStreamsAndShowTheirState() throws Exception {
        Path source = shm.scratch().stream("source");
        String name = shm.scratch().prefix() + "source";
        try (RelayFixture relay = new RelayFixture();
                ImageStream stream = ImageStream.create(source, StreamSpec.dao(DataType.UINT8, Shape.of(2, 3)));
                FrameWriter writer = stream.writer()) {
            writer.claim().fill((byte) 5);
            writer.publish();
            RelayServer server = relay.serve(RelayFixture.serving(source, Optional.empty()));

            CommandRun list = shm.run("relay", "list", "127.0.0.1:" + server.port());
            assertEquals(2, list.succeeded().out().lines().count(), list.out());
            assertTrue(list.out().contains(name), list.out());
            JsonObject status = shm.runLine("relay status --json").json();
            assertTrue(status.get("items").getAsJsonArray().size() >= 1);
            assertTrue(shm.runLine("relay status").succeeded().out().contains("test"));
        }
    }
}
