package org.shmrt.web;

import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.shmrt.error.ShmException;
import org.shmrt.posix.SystemError;
import org.shmrt.text.FileNames;
import org.shmrt.web.frame.FramePool;
import org.shmrt.web.frame.Streams;

/**
 * The server of the page. It can only read: every stream is opened read-only and no semaphore is touched. Started by
 * {@link #start}, which returns when it listens.
 */
public final class ViewServer implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 128;
    private static final int MAX_THREADS = 16;
    private static final int READERS = 4;
    private static final int MAX_TASKS = 4096;
    private static final long FRAME_MEMORY_BYTES = 512L << 20;
    private static final long HTTP_IDLE_MS = 30_000;
    private static final long STOP_MS = 500;
    private static final Duration SOCKET_IDLE = Duration.ofMinutes(5);
    private static final long MAX_TEXT_BYTES = 64L << 10;
    private static final long MAX_FRAGMENT_BYTES = 16L << 20;

    private final ViewSettings settings;
    private final Server server;
    private final ServerConnector connector;
    private final ExecutorService readers;
    private final FramePool pool = new FramePool(FRAME_MEMORY_BYTES);
    private final Streams streams;

    private ViewServer(ViewSettings settings, ViewReports reports, InetAddress address) {
        this.settings = settings;
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 4);
        threads.setName("shm-view-http");
        threads.setDaemon(true);
        threads.setStopTimeout(STOP_MS);
        server = new Server(threads);
        connector = new ServerConnector(server, null, null, null, 1, 1, protocols());
        connector.setHost(address.getHostAddress());
        connector.setPort(settings.port());
        connector.setIdleTimeout(HTTP_IDLE_MS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, connector));
        ThreadPoolExecutor pooled = new ThreadPoolExecutor(
                READERS,
                READERS,
                1,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MAX_TASKS),
                Thread.ofPlatform().daemon().name("shm-view-reader-", 0).factory());
        pooled.allowCoreThreadTimeOut(true);
        readers = pooled;
        streams = new Streams(settings.scope(), pool, readers);
        RequestCheck check = new RequestCheck(settings, address);
        Operations operations = new Operations(settings, streams, reports, readers);
        WebSocketUpgradeHandler sockets =
                WebSocketUpgradeHandler.from(server, container -> configure(container, check, operations));
        sockets.setHandler(new PageHandler(new SavedFrame(streams, readers)));
        check.setHandler(sockets);
        server.setHandler(check);
        server.setErrorHandler(new PlainErrors());
    }

    private ConnectionFactory[] protocols() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        if (settings.tls().isEmpty()) {
            return new ConnectionFactory[] {new HttpConnectionFactory(http)};
        }
        http.addCustomizer(new SecureRequestCustomizer(false)); // the certificate need not name an address
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(settings.tls().get().keyStore().toUri().toString());
        tls.setKeyStorePassword(settings.tls().get().password());
        tls.setSniRequired(false);
        return new ConnectionFactory[] {new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(http)};
    }

    private static void configure(ServerWebSocketContainer container, RequestCheck check, Operations operations) {
        container.setIdleTimeout(SOCKET_IDLE);
        container.setMaxTextMessageSize(MAX_TEXT_BYTES);
        container.setMaxBinaryMessageSize(1);
        container.setMaxFrameSize(MAX_FRAGMENT_BYTES);
        container.addMapping("/ws", (request, response, callback) -> {
            if (!check.isSameOrigin(request)) {
                Replies.error(response, 403, "the page of another server may not read streams", callback);
                return null;
            }
            // Compression costs ten times the CPU and makes every frame late.
            response.setExtensions(List.of());
            return operations.newClient(response, callback);
        });
    }

    /**
     * Starts a server.
     *
     * @param settings how to serve
     * @param reports the reports of other verbs
     * @return the server, which listens
     * @throws ShmException if it cannot listen, or the key cannot be read
     * @throws IllegalArgumentException if other machines could reach it without token or encryption
     */
    public static ViewServer start(ViewSettings settings, ViewReports reports) {
        // One line about a missing logger would appear between those of the verb.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        InetAddress address = address(settings.bind());
        if (!address.isLoopbackAddress()
                && (settings.token().isEmpty() || settings.tls().isEmpty())) {
            throw new IllegalArgumentException("cannot listen on " + settings.bind() + " without "
                    + (settings.token().isEmpty() ? "--token-file" : "--tls")
                    + ": other machines reach this address, so give --token-file and --tls, or leave out --bind to "
                    + "serve this machine only");
        }
        ViewServer started = new ViewServer(settings, reports, address);
        try {
            started.server.start();
        } catch (Exception e) {
            started.close();
            throw failure(settings, e);
        }
        return started;
    }

    private static InetAddress address(String bind) {
        try {
            return InetAddress.getByName(bind);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(
                    "cannot listen on '" + bind + "': it is not an address of this machine", e);
        }
    }

    private static ShmException failure(ViewSettings settings, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException refused) {
                boolean used = SystemError.ADDRESS_IN_USE.isReportedBy(refused);
                return new ShmException(
                        "cannot listen on " + settings.bind() + " port " + settings.port() + ": "
                                + (used
                                        ? "another program uses the port; give another one with --port, or 0 for any"
                                        : refused.getMessage()),
                        e);
            }
        }
        String reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
        return settings.tls().isPresent()
                ? new ShmException(
                        "cannot use the key in "
                                + FileNames.text(settings.tls().get().keyStore()) + ": " + reason
                                + "; it must be a PKCS #12 file with a key, and --tls-password-file must have its "
                                + "password",
                        e)
                : new ShmException("cannot start the web server: " + reason, e);
    }

    /** The address of the page. */
    public String address() {
        return (settings.tls().isPresent() ? "https://" : "http://") + RequestCheck.bracketed(settings.bind()) + ":"
                + port() + "/";
    }

    /** The port on which it listens. */
    public int port() {
        return connector.getLocalPort();
    }

    /** The memory for copies of frames, for tests. */
    FramePool pool() {
        return pool;
    }

    /** Ends all connections and closes all streams. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            // The process ends; there is nobody to tell.
        }
        streams.close();
        readers.shutdownNow();
        try {
            readers.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.destroy();
        pool.close();
    }
}
