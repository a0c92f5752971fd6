package org.shmrt.cli.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;
import org.shmrt.cli.verb.Json;
import org.shmrt.process.ChildProcess;

/** {@code shm view} from the command line: what it says, what it refuses, and how it ends. */
@Timeout(600)
class ViewVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    private Path secret(String name, String text, String permissions) throws IOException {
        Path file = Files.writeString(shm.file(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    private static void assertRefused(int status, String message, CommandRun run) {
        assertEquals(status, run.status(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
    }

    @Test
    void shouldRefuseOtherAddressesWithoutTokenAndTls() throws IOException {
        Path token = secret("token", "0123456789abcdef\n", "rw-------");

        assertRefused(2, "cannot listen on 0.0.0.0 without --token-file", shm.run("view", "DIR", "--bind", "0.0.0.0"));
        assertRefused(
                2,
                "cannot listen on 0.0.0.0 without --tls",
                shm.run("view", "DIR", "--bind", "0.0.0.0", "--token-file", token.toString()));
    }

    @Test
    void shouldRefuseATokenThatIsNoSecret() throws IOException {
        Path open = secret("open", "0123456789abcdef\n", "rw-r--r--");
        Path brief = secret("short", "0123456789\n", "rw-------");

        assertRefused(1, "other users may access " + open, shm.run("view", "DIR", "--token-file", open.toString()));
        assertRefused(2, "must have at least 16 characters", shm.run("view", "DIR", "--token-file", brief.toString()));
        assertRefused(1, "cannot read", shm.run("view", "DIR", "--token-file", "DIR/none"));
    }

    @Test
    void shouldRefuseWrongUsage() throws IOException {
        Path password = secret("password", "secret\n", "rw-------");

        assertRefused(2, "a port is 0 to 65535", shm.run("view", "DIR", "--port", "70000"));
        assertRefused(2, "need each other", shm.run("view", "DIR", "--tls", "DIR/key.p12"));
        assertRefused(2, "is a directory", shm.run("view", "STREAM", "DIR"));
        assertRefused(1, "there is no directory", shm.run("view", "STREAM", "DIR/none/cam"));
        assertRefused(2, "it is not an address", shm.run("view", "DIR", "--bind", "no such host"));
        assertRefused(
                1,
                "there is no such file",
                shm.run("view", "DIR", "--tls", "DIR/none", "--tls-password-file", password.toString()));
    }

    @Test
    void shouldSayThatThePortIsInUse() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            String port = String.valueOf(other.getLocalPort());

            assertRefused(1, "another program uses the port", shm.run("view", "DIR", "--port", port));
        }
    }

    @Test
    @Tag("slow")
    void shouldSayWhereItListensAndEndWithTheSignal() throws Exception {
        shm.runLine("create STREAM --shape 4x4 --dtype u16");
        try (ChildProcess child = shm.start(
                "view DIR --port 0", Map.of("MILK_SHM_DIR", shm.directory().toString()))) {
            String line = child.line();
            Matcher address = Pattern.compile(
                            "shm view: listening on (http://127\\.0\\.0\\.1:[0-9]+/) for the streams of "
                                    + Pattern.quote(shm.directory().toString())
                                    + ", read-only; Ctrl-C ends it")
                    .matcher(line);
            assertTrue(address.matches(), line);
            HttpRequest page =
                    HttpRequest.newBuilder(URI.create(address.group(1))).build();

            assertEquals(
                    200,
                    HttpClient.newHttpClient()
                            .send(page, BodyHandlers.ofString())
                            .statusCode());
            ProcessHandle.of(child.pid()).orElseThrow().destroy();

            assertEquals(143, child.exitCode());
        }
    }

    @Test
    void shouldReportStreamsAsInfoDoes() {
        shm.runLine("create STREAM --shape 4x4 --dtype u16");

        Map<String, Object> report = new ServerReports().stream(shm.stream());

        assertEquals(
                shm.run("info", "STREAM", "--json").json().keySet(),
                JsonParser.parseString(Json.text(report)).getAsJsonObject().keySet());
    }
}
