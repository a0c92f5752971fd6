package org.shmrt.relay.service;

import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.Replica;
import org.shmrt.relay.dao.DaoProtocol;
import org.shmrt.relay.dao.DaoRequests;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.GroupTicket;
import org.shmrt.relay.link.Handshake;
import org.shmrt.relay.link.JoinableLink;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.LinkKeys;
import org.shmrt.relay.link.PreSharedKey;
import org.shmrt.relay.link.SecureGroupLink;
import org.shmrt.relay.link.SecureLink;
import org.shmrt.relay.link.TcpLink;
import org.shmrt.relay.status.RowState;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.relay.wire.FrameHeader;
import org.shmrt.relay.wire.Protocol;
import org.shmrt.relay.wire.ReceiveSession;
import org.shmrt.relay.wire.Requests;
import org.shmrt.relay.wire.ShmProtocol;
import org.shmrt.relay.wire.Upstream;

/**
 * Keeps one replica up to date, and connects again whenever the link fails. {@link #run} is for one thread;
 * {@link #close} for any.
 */
public final class Subscriber implements AutoCloseable {
    /** What to do if the source cannot be reached at the start. */
    public enum StartPolicy {
        /** Fail: the address is wrong, or the relay there does not run. */
        FAIL,
        /** Try until it can. */
        WAIT
    }

    /**
     * What a subscriber gets.
     *
     * @param source the machine, its port and the stream
     * @param protocol how to ask for it
     * @param delivery which frames; DAO's protocol has only the newest
     * @param node the name of this machine for the other one
     * @param key the secret of both machines; empty for none
     * @param trust whether the other machine may be another one without a key
     * @param startPolicy what to do if the source cannot be reached at the start
     * @param route how the frames come; by an engine only with one, and only in ShmRT's own protocol
     */
    public record Settings(
            RelayAddress source,
            RelayProtocol protocol,
            Delivery delivery,
            String node,
            Optional<PreSharedKey> key,
            NetworkTrust trust,
            StartPolicy startPolicy,
            FrameRoute route) {}

    private final Settings settings;
    private final Replica replica;
    private final StatusRow row;
    private final Optional<FrameEngine> engine;
    private final Consumer<String> remarks;
    private volatile TcpLink current;
    private volatile Thread thread;
    private volatile boolean closed;

    /**
     * Prepares a subscriber.
     *
     * @param replica the local stream, which the caller closes afterwards
     * @param engine carries the frames beside the connection, if the route says so
     * @param remarks gets a line whenever the link is lost or back
     */
    public Subscriber(
            Settings settings, Replica replica, StatusRow row, Optional<FrameEngine> engine, Consumer<String> remarks) {
        this.settings = settings;
        this.replica = replica;
        this.row = row;
        this.engine = engine;
        this.remarks = remarks;
    }

    /**
     * Receives until {@link #close}.
     *
     * @throws ShmException if the source or the local stream cannot be used at the start; later it is tried again
     * @throws IllegalArgumentException if the other machine may not be used without a key
     */
    public void run() {
        thread = Thread.currentThread();
        long pauseNs = Timing.MIN_PAUSE_NS;
        while (!closed) {
            String reason;
            long startNs = System.nanoTime();
            try {
                session();
                reason = settings.source().host() + " ended the link";
            } catch (ShmException e) {
                reason = e.getMessage();
                if (!closed && replica.description() == null && isFinal(e)) {
                    row.state(RowState.FAILED, reason);
                    throw e;
                }
            }
            if (closed) {
                return;
            }
            row.state(RowState.CONNECTING, reason);
            boolean wasUp = System.nanoTime() - startNs > Timing.SILENCE_NS;
            pauseNs = wasUp ? Timing.MIN_PAUSE_NS : pauseNs;
            if (pauseNs == Timing.MIN_PAUSE_NS) {
                remarks.accept(reason + "; connecting again");
            }
            LockSupport.parkNanos(pauseNs);
            pauseNs = Math.min(2 * pauseNs, Timing.MAX_PAUSE_NS);
        }
    }

    private boolean isFinal(ShmException e) {
        boolean isLink = e instanceof LinkException;
        return !isLink || settings.startPolicy() == StartPolicy.FAIL;
    }

    private void session() {
        RelayAddress source = settings.source();
        // At each connection: the name may stand for another machine by now.
        boolean isDao = settings.protocol() == RelayProtocol.DAO;
        settings.trust().check(source.host(), isDao ? Optional.empty() : settings.key(), "get frames from");
        try (TcpLink link = TcpLink.connect(source.host(), source.port(), Timing.SILENCE_NS, Timing.ESTABLISH_NS)) {
            current = link;
            if (closed) {
                return;
            }
            if (isDao) {
                daoSession(link);
            } else {
                shmSession(link);
            }
        } finally {
            current = null;
        }
    }

    private void daoSession(TcpLink link) {
        new DaoRequests(link).subscribe(settings.source().stream(), settings.node());
        link.established();
        FrameHeader sent = new FrameHeader(DaoProtocol.INSTANCE);
        FrameHeader received = new FrameHeader(DaoProtocol.INSTANCE);
        receive(link, link, DaoProtocol.INSTANCE, sent, received);
    }

    private void shmSession(TcpLink tcp) {
        Handshake.Session session = Handshake.client(tcp, settings.key());
        FrameHeader sent = new FrameHeader(ShmProtocol.INSTANCE);
        FrameHeader received = new FrameHeader(ShmProtocol.INSTANCE);
        Requests requests = new Requests(session.link(), sent, received);
        switch (settings.route()) {
            case CONNECTION -> {
                requests.subscribe(subscription(""));
                tcp.established();
                receive(session.link(), session.link(), ShmProtocol.INSTANCE, sent, received);
            }
            case ENGINE -> receiveBeside(tcp, session, requests, sent, received);
            case GROUP -> receiveInGroup(tcp, session, requests, sent, received);
        }
    }

    private void receiveBeside(
            TcpLink tcp, Handshake.Session session, Requests requests, FrameHeader sent, FrameHeader received) {
        try (FrameEngine.Receiver raw = engine.orElseThrow().receiver(tcp.localHost())) {
            requests.subscribe(subscription(raw.endpoint()));
            tcp.established();
            ByteLink frames = SecureLink.of(raw, session.keys(), ShmService.FRAMES, LinkKeys.Side.CLIENT);
            new Upstream(session.link(), received, Optional.empty(), raw::close).start();
            receive(frames, session.link(), ShmProtocol.INSTANCE, sent, new FrameHeader(ShmProtocol.INSTANCE));
        }
    }

    private void receiveInGroup(
            TcpLink tcp, Handshake.Session session, Requests requests, FrameHeader sent, FrameHeader received) {
        ByteLink link = session.link();
        GroupTicket ticket =
                requests.subscribe(subscription(Requests.Subscription.GROUP)).orElseThrow();
        tcp.established();
        if (session.keys().isPresent() != ticket.key().isPresent()) {
            throw FrameHeader.violation(link.peer(), "only one of its group and its connection is encrypted");
        }
        ControlSender control = ControlSender.start(link, sent, replica.localWrites(), row);
        try (JoinableLink raw = engine.orElseThrow().groupReceiver(ticket.endpoint(), tcp.localHost())) {
            new Upstream(link, received, Optional.empty(), raw::close).start();
            control.ready();
            JoinableLink frames = SecureGroupLink.receiver(raw, ticket);
            new ReceiveSession(
                            frames,
                            ShmProtocol.INSTANCE,
                            new FrameHeader(ShmProtocol.INSTANCE),
                            replica,
                            row,
                            ticket.member())
                    .join(frames);
        } finally {
            control.close();
        }
    }

    private Requests.Subscription subscription(String endpoint) {
        return new Requests.Subscription(settings.source().stream(), settings.node(), settings.delivery(), endpoint);
    }

    private void receive(ByteLink frames, ByteLink link, Protocol protocol, FrameHeader sent, FrameHeader received) {
        ControlSender control = ControlSender.start(link, sent, replica.localWrites(), row);
        try {
            new ReceiveSession(frames, protocol, received, replica, row, 1).run();
        } finally {
            control.close();
        }
    }

    /** Ends the link and {@link #run}. Closing twice is harmless. */
    @Override
    public void close() {
        closed = true;
        TcpLink link = current;
        if (link != null) {
            link.close();
        }
        LockSupport.unpark(thread);
    }
}
