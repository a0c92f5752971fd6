package org.shmrt.relay.service;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.Replica;
import org.shmrt.relay.ReplicaSettings;
import org.shmrt.relay.SourceWait;
import org.shmrt.relay.SourceWrites;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.status.RowCounter;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;

/** A server and its subscribers in the JVM of a test. */
public final class RelayFixture implements AutoCloseable {
    private static final long TIMEOUT_NS = 60_000_000_000L;

    private final StatusPage page = StatusPage.create("test");
    private final List<Runnable> open = new ArrayList<>();
    private final List<String> remarks = Collections.synchronizedList(new ArrayList<>());

    /** One replica and the thread that keeps it up to date. */
    public final class Running implements AutoCloseable {
        private final StatusRow row;
        private final Replica replica;
        private final Subscriber subscriber;
        private final FutureTask<Void> run;
        private final Thread thread;

        private Running(Subscriber.Settings settings, ReplicaSettings local, Optional<FrameEngine> engine) {
            row = page.row(
                    RowRole.RECEIVE,
                    settings.source().stream(),
                    settings.source().host(),
                    "test");
            replica = new Replica(local, row);
            subscriber = new Subscriber(settings, replica, row, engine, remarks::add);
            run = new FutureTask<>(subscriber::run, null);
            thread = Thread.ofPlatform().daemon().name("test-subscriber").start(run);
        }

        public long value(RowCounter counter) {
            return row.value(counter);
        }

        /** Waits until a counter has at least a value. */
        public void await(RowCounter counter, long value) {
            awaitTrue(() -> row.value(counter) >= value || run.isDone(), this::toString);
            assertTrue(row.value(counter) >= value, this::toString);
        }

        /** The exception with which the subscriber ended. */
        public Throwable failure() {
            try {
                run.get(TIMEOUT_NS, TimeUnit.NANOSECONDS);
                throw new AssertionError("it ended without a failure");
            } catch (ExecutionException e) {
                return e.getCause();
            } catch (InterruptedException | TimeoutException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (RowCounter counter : RowCounter.values()) {
                text.append(counter).append(' ').append(row.value(counter)).append(' ');
            }
            return text + remarks.toString() + (run.state() == Future.State.FAILED ? " " + run.exceptionNow() : "");
        }

        @Override
        public void close() {
            subscriber.close();
            awaitTrue(() -> !thread.isAlive(), this::toString);
            replica.close();
            row.close();
        }
    }

    /** The page of the status. */
    public StatusPage page() {
        return page;
    }

    /** The lines that server and subscribers reported. */
    public List<String> remarks() {
        return remarks;
    }

    /** Settings of a server on a free port of this machine. */
    public static RelayServer.Settings serving(Path file, Optional<PreSharedKey> key) {
        return new RelayServer.Settings(
                Offer.ofStreams(List.of(file)),
                "here",
                "127.0.0.1",
                0,
                OptionalInt.of(0),
                key,
                NetworkTrust.NONE,
                SourceWait.IDLE,
                SourceWrites.REFUSED);
    }

    /** The same settings on another address or port. */
    public static RelayServer.Settings on(String bind, int port, RelayServer.Settings settings) {
        return new RelayServer.Settings(
                settings.offer(),
                settings.node(),
                bind,
                port,
                settings.daoPort(),
                settings.key(),
                settings.trust(),
                settings.waiting(),
                settings.writes());
    }

    /** The same settings with permission to write. */
    public static RelayServer.Settings allowingWrites(RelayServer.Settings settings) {
        return new RelayServer.Settings(
                settings.offer(),
                settings.node(),
                settings.bind(),
                settings.port(),
                settings.daoPort(),
                settings.key(),
                settings.trust(),
                settings.waiting(),
                SourceWrites.ALLOWED);
    }

    /** Starts a server. */
    public RelayServer serve(RelayServer.Settings settings) {
        return serve(settings, Optional.empty());
    }

    /** Starts a server with an engine. */
    public RelayServer serve(RelayServer.Settings settings, Optional<FrameEngine> engine) {
        RelayServer server = RelayServer.start(settings, page, engine, remarks::add);
        open.add(() -> close(server));
        return server;
    }

    /** A busy server may need longer than its close waits, and has the source open until it has ended. */
    private static void close(RelayServer server) {
        server.close();
        awaitTrue(server::hasEnded, () -> "the end of the threads of the server");
    }

    /** Settings of a subscriber. */
    public static Subscriber.Settings getting(int port, String stream, Delivery delivery, Optional<PreSharedKey> key) {
        return getting("127.0.0.1", port, stream, delivery, key);
    }

    /** Settings of a subscriber to a server at another address of this machine. */
    public static Subscriber.Settings getting(
            String host, int port, String stream, Delivery delivery, Optional<PreSharedKey> key) {
        return new Subscriber.Settings(
                new RelayAddress(host, port, stream),
                RelayProtocol.SHM,
                delivery,
                "there",
                key,
                NetworkTrust.NONE,
                Subscriber.StartPolicy.FAIL,
                FrameRoute.CONNECTION);
    }

    /** The same settings with frames that come by another route. */
    public static Subscriber.Settings by(FrameRoute route, Subscriber.Settings settings) {
        return new Subscriber.Settings(
                settings.source(),
                settings.protocol(),
                settings.delivery(),
                settings.node(),
                settings.key(),
                settings.trust(),
                settings.startPolicy(),
                route);
    }

    /** Starts a subscriber. */
    public Running get(Subscriber.Settings settings, Path local) {
        return get(settings, local, Optional.empty());
    }

    /** Starts a subscriber with an engine, by which its frames come. */
    public Running get(Subscriber.Settings settings, Path local, Optional<FrameEngine> engine) {
        return get(
                engine.isPresent() ? by(FrameRoute.ENGINE, settings) : settings,
                new ReplicaSettings(local, settings.source().host(), settings.delivery()),
                engine);
    }

    /** Starts a subscriber that joins the group of the server. */
    public Running join(Subscriber.Settings settings, Path local, FrameEngine engine) {
        return get(
                by(FrameRoute.GROUP, settings),
                new ReplicaSettings(local, settings.source().host(), settings.delivery()),
                Optional.of(engine));
    }

    /** Starts a subscriber whose replica has certain settings. */
    public Running get(Subscriber.Settings settings, ReplicaSettings local, Optional<FrameEngine> engine) {
        Running running = new Running(settings, local, engine);
        open.add(running::close);
        return running;
    }

    /** Waits for a condition. */
    public static void awaitTrue(BooleanSupplier condition, Supplier<String> description) {
        long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < TIMEOUT_NS, () -> "timed out waiting for: " + description.get());
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Closes subscribers and servers, the last one first. */
    @Override
    public void close() {
        open.reversed().forEach(Runnable::run);
        page.close();
    }
}
