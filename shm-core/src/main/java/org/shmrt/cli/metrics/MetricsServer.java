package org.shmrt.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;

/** Serves the text at {@code /metrics}: GET and HEAD only, one request at a time. */
final class MetricsServer implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int FAILED = 500;
    /** No body. */
    private static final long EMPTY = -1;

    private final HttpServer server;
    private final Consumer<String> failures;

    private MetricsServer(HttpServer server, Consumer<String> failures) {
        this.server = server;
        this.failures = failures;
    }

    /**
     * Starts to listen.
     *
     * @param failures gets what went wrong in a request
     * @throws ShmException if the address is not free or not of this machine
     */
    static MetricsServer start(InetSocketAddress address, Consumer<String> failures) {
        if (address.isUnresolved()) {
            throw new ShmException(
                    "cannot listen on " + address.getHostString() + ": there is no such host; give an address");
        }
        try {
            MetricsServer server = new MetricsServer(HttpServer.create(address, 0), failures);
            server.server.createContext("/", server::answer);
            server.server.start();
            return server;
        } catch (IOException e) {
            throw new ShmException(
                    "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage()
                            + "; use another port, or 0 for any free one",
                    e);
        }
    }

    String address() {
        InetSocketAddress bound = server.getAddress();
        String host = bound.getAddress().getHostAddress();
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + bound.getPort() + PATH;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                reply(exchange);
            } catch (RuntimeException e) {
                failures.accept("a request failed: " + e);
                exchange.sendResponseHeaders(FAILED, EMPTY);
            }
        }
    }

    private void reply(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!exchange.getRequestURI().getPath().equals(PATH)) {
            reply(exchange, NOT_FOUND, "text/plain; charset=utf-8", bytes("the metrics are at " + PATH + "\n"));
        } else if (method.equals("GET") || method.equals("HEAD")) {
            MetricPages pages = MetricPages.read();
            pages.failures().forEach(failures);
            reply(exchange, OK, OpenMetrics.CONTENT_TYPE, OpenMetrics.text(pages));
        } else {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            reply(exchange, WRONG_METHOD, "text/plain; charset=utf-8", bytes("use GET\n"));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void reply(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, EMPTY);
            return;
        }
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
