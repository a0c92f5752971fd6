package org.shmrt.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.shmrt.error.NotFoundException;
import org.shmrt.memory.DataType;
import org.shmrt.memory.Shape;
import org.shmrt.stream.ImageStream;
import org.shmrt.stream.format.StreamSpec;
import org.shmrt.testing.Scratch;
import org.shmrt.web.frame.Scope;

/** A server for the streams of a directory of the test, on a free port, and ways to ask it. */
final class ViewFixture implements BeforeEachCallback, AfterEachCallback {
    private static final long PATIENCE_NS = 20_000_000_000L;

    final Scratch scratch = Scratch.inSharedMemory();
    private ViewServer server;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        scratch.beforeEach(context);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (server != null) {
            server.close();
            server = null;
            awaitReaders();
        }
        scratch.afterEach(context);
    }

    /** The server waits half a second for a thread that reads a stream, which is too short on a busy machine. */
    private void awaitReaders() {
        long startNs = System.nanoTime();
        while (!scratch.stillOpen().isEmpty() && System.nanoTime() - startNs < PATIENCE_NS) {
            LockSupport.parkNanos(5_000_000L);
        }
    }

    /** Reports of their own, because the real ones belong to the command. */
    static final ViewReports REPORTS = new ViewReports() {
        @Override
        public Map<String, Object> stream(Path file) {
            return Map.of("path", file.toString());
        }

        @Override
        public List<Map<String, Object>> loops() {
            return List.of(Map.of("name", "hwfs"));
        }

        @Override
        public Map<String, Object> loop(String name) {
            if (name.equals("too-large")) {
                throw new OutOfMemoryError("of the test");
            }
            if (name.equals("too-deep")) {
                throw new StackOverflowError("of the test");
            }
            if (!name.equals("hwfs")) {
                throw new NotFoundException("there is no loop " + name);
            }
            return Map.of("buckets", Map.of());
        }
    };

    ViewSettings settings() {
        return new ViewSettings(
                Scope.ofDirectory(scratch.directory()), "127.0.0.1", 0, Optional.empty(), Optional.empty(), "test");
    }

    ViewServer start(ViewSettings settings) {
        server = ViewServer.start(settings, REPORTS);
        return server;
    }

    ViewServer start() {
        return start(settings());
    }

    /** The name by which viewers ask for a stream of the test. */
    String name(String stream) {
        return scratch.prefix() + stream;
    }

    ImageStream create(String stream, DataType type, long... shape) {
        return create(stream, StreamSpec.dao(type, Shape.of(shape)));
    }

    ImageStream create(String stream, StreamSpec spec) {
        return ImageStream.create(scratch.stream(stream), spec);
    }

    ViewPage page() {
        return ViewPage.open(server.address());
    }

    HttpResponse<byte[]> get(String path, String... headers) {
        return get(HttpClient.newHttpClient(), path, headers);
    }

    HttpResponse<byte[]> get(HttpClient client, String path, String... headers) {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(server.address()).resolve(path));
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends text as it is and returns the first line of the answer, for requests that no HTTP library makes. */
    String raw(String request) {
        return rawHead(request).lines().findFirst().orElse("");
    }

    /** The same with all header lines, and what has arrived after them. */
    String rawHead(String request) {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] chunk = new byte[8192];
            while (!answer.toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
                int read = socket.getInputStream().read(chunk);
                if (read < 0) {
                    break;
                }
                answer.write(chunk, 0, read);
            }
            return answer.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The request for a WebSocket, as a browser sends it. */
    String upgrade(String host, String origin) {
        return "GET /ws HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + (origin.isEmpty() ? "" : "Origin: " + origin + "\r\n") + "\r\n";
    }

    ViewServer server() {
        return server;
    }
}
