package org.shmrt.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shmrt.cli.ShmCommand;
import org.shmrt.process.ChildProcess;

/** Clients of {@code shm metrics --listen} that send no whole request. */
@Timeout(600)
class MetricsServerTest {
    private static final int STALLED = 8;

    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    /** A client that has sent a part of a request. */
    private static Socket stalled(URI server) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        client.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
        return client;
    }

    @Test
    void shouldAnswerWhileOtherClientsSendNoWholeRequest() throws Exception {
        List<Socket> clients = new ArrayList<>();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (MetricsServer server = MetricsServer.start(any, reason -> {});
                HttpClient good = HttpClient.newHttpClient()) {
            URI address = URI.create(server.address());
            for (int i = 0; i < STALLED; i++) {
                clients.add(stalled(address));
            }

            HttpResponse<String> answer =
                    good.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());

            assertEquals(200, answer.statusCode());
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    @Test
    @Tag("slow")
    void shouldCloseTheConnectionOfAClientThatSendsNoWholeRequest() throws Exception {
        Map<String, String> pages = Map.of("SHMRT_LOOP_DIR", shm.directory().toString());
        try (ChildProcess server = shm.start("metrics --listen 0", pages)) {
            String line = server.lineWith("shm metrics: listening on ");
            URI address = URI.create(line.substring(line.indexOf("http"), line.indexOf(';')));
            try (Socket client = stalled(address)) {
                assertEquals(-1, client.getInputStream().read());
            }
        }
    }
}
