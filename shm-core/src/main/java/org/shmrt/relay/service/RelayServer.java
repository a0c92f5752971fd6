package org.shmrt.relay.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;
import org.shmrt.posix.SystemError;
import org.shmrt.relay.SourceWait;
import org.shmrt.relay.SourceWrites;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.link.TcpLink;
import org.shmrt.relay.status.StatusPage;

/**
 * Offers streams to other machines. Frames that others send to be written are dropped, unless the settings allow them.
 * One thread for each subscriber and one that listens to it; started by {@link #start}, which returns when it listens.
 */
public final class RelayServer implements AutoCloseable {
    /** The port of ShmRT's own protocol. */
    public static final int PORT = 7720;
    /** The port of DAO's network service. */
    public static final int DAO_PORT = 7710;

    private static final int MAX_LINKS = 64;
    private static final long END_MS = 3000;

    /**
     * What a server does.
     *
     * @param offer the streams
     * @param node the name of this machine for others
     * @param bind the address to listen on
     * @param port of ShmRT's own protocol, 0 for any free one
     * @param daoPort of DAO's protocol; empty for none
     * @param key the secret that subscribers must have; empty for none
     * @param trust whether it may listen on a network without one
     * @param waiting how it waits for frames
     * @param writes what it does with frames that subscribers send to be written
     */
    public record Settings(
            Offer offer,
            String node,
            String bind,
            int port,
            OptionalInt daoPort,
            Optional<PreSharedKey> key,
            NetworkTrust trust,
            SourceWait waiting,
            SourceWrites writes) {}

    /** Serves one connection until it ends. */
    interface Service {
        void serve(TcpLink link) throws IOException;
    }

    private final Settings settings;
    private final StatusPage page;
    private final Consumer<String> remarks;
    private final Optional<FrameEngine> engine;
    private final Set<TcpLink> links = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ServerSocketChannel listener;
    private final Optional<ServerSocketChannel> daoListener;
    private volatile boolean closed;

    private RelayServer(Settings settings, StatusPage page, Optional<FrameEngine> engine, Consumer<String> remarks) {
        this.settings = settings;
        this.page = page;
        this.engine = engine;
        this.remarks = remarks;
        InetAddress address = settings.trust().check(settings.bind(), settings.key(), "listen on");
        if (settings.daoPort().isPresent()) {
            // DAO's protocol has no keys.
            settings.trust().check(settings.bind(), Optional.empty(), "serve DAO's protocol on");
        }
        listener = listen(address, settings.port());
        daoListener = settings.daoPort().isPresent()
                ? Optional.of(daoListener(address, settings.daoPort().getAsInt()))
                : Optional.empty();
    }

    private ServerSocketChannel daoListener(InetAddress address, int port) {
        try {
            return listen(address, port);
        } catch (RuntimeException | Error e) {
            close(listener);
            throw e;
        }
    }

    /**
     * Starts a server.
     *
     * @param page shows its streams; the caller closes it after the server
     * @param engine for frames that do not travel over the connection; empty if there is none
     * @param remarks gets a line for each event, from any thread
     * @throws ShmException if it cannot listen
     * @throws IllegalArgumentException if other machines could reach it without a key
     */
    public static RelayServer start(
            Settings settings, StatusPage page, Optional<FrameEngine> engine, Consumer<String> remarks) {
        RelayServer server = new RelayServer(settings, page, engine, remarks);
        try {
            ShmService own = new ShmService(settings, page, engine, remarks);
            server.startThread("shm-relay-listen", () -> server.accept(server.listener, own));
            server.daoListener.ifPresent(listener -> server.startThread(
                    "shm-relay-listen-dao", () -> server.accept(listener, new DaoService(settings, page, remarks))));
            return server;
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
    }

    private static ServerSocketChannel listen(InetAddress address, int port) {
        ServerSocketChannel channel = null;
        try {
            channel = ServerSocketChannel.open();
            return channel.bind(new InetSocketAddress(address, port));
        } catch (IOException e) {
            close(channel);
            boolean isUsed = SystemError.ADDRESS_IN_USE.isReportedBy(e);
            throw new ShmException(
                    "cannot listen on " + address.getHostAddress() + " port " + port + ": "
                            + (isUsed
                                    ? "another program uses the port; give another one, or 0 for any"
                                    : e.getMessage()),
                    e);
        } catch (RuntimeException | Error e) {
            close(channel);
            throw e;
        }
    }

    private static void close(ServerSocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It does not listen any more.
        }
    }

    private void startThread(String name, Runnable work) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            try {
                work.run();
            } finally {
                threads.remove(Thread.currentThread());
            }
        });
        threads.add(thread);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // also if the system has no more threads
            threads.remove(thread);
            throw e;
        }
    }

    private void accept(ServerSocketChannel from, Service service) {
        while (!closed) {
            try {
                take(from.accept(), service);
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | OutOfMemoryError e) {
                remarks.accept("cannot accept a connection: " + e.getMessage());
                pause();
            }
        }
    }

    private void take(SocketChannel channel, Service service) throws IOException {
        if (links.size() >= MAX_LINKS) {
            page.countRefused();
            remarks.accept(
                    "refused " + channel.getRemoteAddress() + ": there are " + MAX_LINKS + " connections already");
            channel.close();
            return;
        }
        boolean started = false;
        try {
            TcpLink link = new TcpLink(channel, Timing.SILENCE_NS, Timing.ESTABLISH_NS);
            links.add(link);
            started = isStarted(link, service);
        } finally {
            if (!started) {
                channel.close();
            }
        }
    }

    private boolean isStarted(TcpLink link, Service service) {
        boolean started = false;
        try {
            startThread("shm-relay " + link.peer(), () -> serve(link, service));
            started = true;
            return true;
        } finally {
            if (!started) {
                link.close();
                links.remove(link);
            }
        }
    }

    private void serve(TcpLink link, Service service) {
        try {
            service.serve(link);
        } catch (ShmException | IOException e) {
            page.countRefused();
            remarks.accept(e.getMessage());
        } finally {
            link.close();
            links.remove(link);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The port of ShmRT's own protocol on which it listens. */
    public int port() {
        return listener.socket().getLocalPort();
    }

    /** The port of DAO's protocol on which it listens; empty without one. */
    public OptionalInt daoPort() {
        return daoListener.isPresent()
                ? OptionalInt.of(daoListener.get().socket().getLocalPort())
                : OptionalInt.empty();
    }

    /** The settings. */
    public Settings settings() {
        return settings;
    }

    /** Whether all threads have ended, which {@link #close} does not wait for longer than three seconds. */
    boolean hasEnded() {
        return threads.isEmpty();
    }

    /** Ends all links and threads. Closing twice is harmless. */
    @Override
    public void close() {
        closed = true;
        close(listener);
        daoListener.ifPresent(RelayServer::close);
        links.forEach(TcpLink::close);
        engine.ifPresent(FrameEngine::close);
        long untilNs = System.nanoTime() + END_MS * 1_000_000;
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, (untilNs - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
