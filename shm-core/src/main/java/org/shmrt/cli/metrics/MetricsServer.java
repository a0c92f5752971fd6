package org.shmrt.cli.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;

/**
 * Serves the text at {@code /metrics}: GET and HEAD only. A client that sends no whole request, or does not read the
 * answer, delays no other: each connection may have a thread, and loses it after a time.
 */
final class MetricsServer implements AutoCloseable {
    private static final String PATH = "/metrics";
    /** More are closed at once. */
    private static final int MAX_CONNECTIONS = 32;
    /** For a whole request, and for the whole answer to it, seconds. */
    private static final int MAX_SECONDS = 10;

    static {
        // The server of the JDK reads its settings once, when its classes are loaded. It counts these times in seconds.
        setting("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
        setting("sun.net.httpserver.maxReqTime", MAX_SECONDS);
        setting("sun.net.httpserver.maxRspTime", MAX_SECONDS);
        setting("sun.net.httpserver.idleInterval", MAX_SECONDS);
    }

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int FAILED = 500;
    /** No body. */
    private static final long EMPTY = -1;

    private final HttpServer server;
    private final Consumer<String> failures;
    private final ExecutorService threads;

    private MetricsServer(HttpServer server, Consumer<String> failures) {
        this.server = server;
        this.failures = failures;
        this.threads = threads();
    }

    /** A setting that the user has not made with -D. */
    private static void setting(String name, int value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, String.valueOf(value));
        }
    }

    /** A thread for each connection, as long as it needs one. */
    private static ExecutorService threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MAX_CONNECTIONS,
                MAX_CONNECTIONS,
                MAX_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("shm-metrics-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /**
     * Starts to listen.
     *
     * @param failures gets what went wrong in a request; for one thread at a time
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
            server.server.setExecutor(server.threads);
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
            } catch (RuntimeException | Error e) {
                fail("a request failed: " + e);
                exchange.sendResponseHeaders(FAILED, EMPTY);
            }
        }
    }

    private void reply(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        if (!exchange.getRequestURI().getPath().equals(PATH)) {
            reply(exchange, NOT_FOUND, "text/plain; charset=utf-8", bytes("the metrics are at " + PATH + "\n"));
        } else if (method.equals("GET") || method.equals("HEAD")) {
            reply(exchange, OK, OpenMetrics.CONTENT_TYPE, text());
        } else {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            reply(exchange, WRONG_METHOD, "text/plain; charset=utf-8", bytes("use GET\n"));
        }
    }

    /** By one thread at a time, so that many clients cost no more memory than one. */
    private synchronized byte[] text() {
        MetricPages pages = MetricPages.read();
        pages.failures().forEach(this::fail);
        return OpenMetrics.text(pages);
    }

    private synchronized void fail(String reason) {
        failures.accept(reason);
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
        threads.shutdownNow();
    }
}
