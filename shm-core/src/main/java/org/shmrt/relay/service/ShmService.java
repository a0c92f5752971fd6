package org.shmrt.relay.service;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.shmrt.error.ShmException;
import org.shmrt.relay.SourceFeed;
import org.shmrt.relay.SourceWriter;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.Handshake;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.link.LinkKeys;
import org.shmrt.relay.link.SecureLink;
import org.shmrt.relay.link.TcpLink;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.RowState;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.relay.wire.FrameHeader;
import org.shmrt.relay.wire.MessageType;
import org.shmrt.relay.wire.Requests;
import org.shmrt.relay.wire.SendSession;
import org.shmrt.relay.wire.ShmProtocol;
import org.shmrt.relay.wire.Upstream;

/** Serves connections of ShmRT's own protocol. Safe for any thread. */
final class ShmService implements RelayServer.Service {
    /** The use of the keys of a second link for frames. */
    static final String FRAMES = "frames";

    private final RelayServer.Settings settings;
    private final StatusPage page;
    private final Optional<FrameEngine> engine;
    private final Optional<Groups> groups;
    private final Consumer<String> remarks;

    ShmService(RelayServer.Settings settings, StatusPage page, Optional<FrameEngine> engine, Consumer<String> remarks) {
        this.settings = settings;
        this.page = page;
        this.engine = engine;
        this.groups = engine.filter(known -> known.group().isPresent())
                .map(known -> new Groups(settings, page, known, remarks));
        this.remarks = remarks;
    }

    @Override
    public void serve(TcpLink tcp) {
        Handshake.Session session = Handshake.server(tcp, settings.key());
        ByteLink link = session.link();
        FrameHeader sent = new FrameHeader(ShmProtocol.INSTANCE);
        FrameHeader received = new FrameHeader(ShmProtocol.INSTANCE);
        Requests requests = new Requests(link, sent, received);
        Requests.Request request = requests.receive();
        tcp.established();
        if (request.type() == MessageType.LIST) {
            requests.answer(settings.offer().list());
            return;
        }
        Requests.Subscription wanted = request.subscription();
        Optional<Path> file = settings.offer().file(wanted.stream());
        if (file.isEmpty()) {
            requests.refuse("there is no stream " + wanted.stream() + " here; shm relay list shows those there are");
            return;
        }
        Order order = new Order(tcp, session, sent, received, requests, wanted, file.get());
        switch (order.route()) {
            case CONNECTION -> {
                requests.grant();
                send(order, link, sent);
            }
            case ENGINE -> {
                if (engine.isEmpty()) {
                    requests.refuse(
                            "this relay does not send frames by Aeron: start it with --aeron, or leave out --aeron"
                                    + " here");
                } else if (!wanted.endpoint().startsWith(FrameEngine.hostText(tcp.peerHost()) + ":")) {
                    // Else anybody could have frames sent to a third machine.
                    requests.refuse("frames are only sent to the machine that asks for them, " + tcp.peerHost());
                } else {
                    sendBeside(order);
                }
            }
            case GROUP -> {
                if (groups.isEmpty()) {
                    requests.refuse("this relay does not send frames by multicast: start it with --multicast"
                            + " GROUP:PORT, or leave out --multicast here");
                } else {
                    sendToGroup(order);
                }
            }
        }
    }

    /** A subscription of a stream that is here, and the connection over which it came. */
    private record Order(
            TcpLink tcp,
            Handshake.Session session,
            FrameHeader sent,
            FrameHeader received,
            Requests requests,
            Requests.Subscription wanted,
            Path file) {
        ByteLink link() {
            return session.link();
        }

        FrameRoute route() {
            if (wanted.endpoint().isEmpty()) {
                return FrameRoute.CONNECTION;
            }
            return wanted.endpoint().equals(Requests.Subscription.GROUP) ? FrameRoute.GROUP : FrameRoute.ENGINE;
        }

        String transport() {
            return route().transport(session.keys().isPresent());
        }

        /** Who reads the stream, for people. */
        String reader() {
            return wanted.reader() + " (" + link().peer() + ")";
        }

        /** The remark when it begins. */
        String beginning() {
            return wanted.stream() + " -> " + reader() + ": " + transport() + ", "
                    + wanted.delivery().name().toLowerCase(Locale.ROOT) + " frames";
        }
    }

    /** The group sends the frames; heartbeats, and what the member writes, travel over the connection. */
    private void sendToGroup(Order order) {
        ByteLink link = order.link();
        Requests.Subscription wanted = order.wanted();
        Groups.Key key =
                new Groups.Key(wanted.stream(), wanted.delivery(), order.tcp().localHost());
        Groups.Membership joined;
        try {
            joined = groups.orElseThrow().join(key, order.file(), link::close);
        } catch (LinkException e) {
            order.requests().refuse(e.getMessage());
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        try (Groups.Membership member = joined;
                StatusRow row = page.row(RowRole.SEND, wanted.stream(), order.reader(), "member of group");
                SourceWriter writer = new SourceWriter(settings.writes(), order.file(), row, remarks)) {
            member.writesBy(writer);
            order.requests().grant(member.ticket());
            remarks.accept(order.beginning());
            row.state(RowState.CONNECTED, "");
            ControlSender heartbeats = ControlSender.heartbeats(link, order.sent());
            try {
                new Upstream(link, order.received(), Optional.of(writer), member::ready, ended::countDown).start();
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                heartbeats.close();
            }
        }
    }

    /** Sends the frames by the engine, and heartbeats over the connection. */
    private void sendBeside(Order order) {
        try (ByteLink raw = engine.orElseThrow().sender(order.wanted().endpoint())) {
            ByteLink frames = SecureLink.of(raw, order.session().keys(), FRAMES, LinkKeys.Side.SERVER);
            order.requests().grant();
            ControlSender heartbeats = ControlSender.heartbeats(order.link(), order.sent());
            try {
                send(order, frames, new FrameHeader(ShmProtocol.INSTANCE));
            } finally {
                heartbeats.close();
            }
        } catch (LinkException e) {
            throw new LinkException("cannot send " + order.wanted().stream() + " by Aeron: " + e.getMessage(), e);
        }
    }

    /** Sends the frames, with a header for all messages over their link. */
    private void send(Order order, ByteLink frames, FrameHeader header) {
        Requests.Subscription wanted = order.wanted();
        String reader = order.reader();
        remarks.accept(order.beginning());
        try (SourceFeed feed = new SourceFeed(wanted.stream(), order.file(), wanted.delivery(), settings.waiting());
                StatusRow row = page.row(RowRole.SEND, wanted.stream(), reader, order.transport());
                SourceWriter writer = new SourceWriter(settings.writes(), order.file(), row, remarks)) {
            SendSession session = new SendSession(
                    frames,
                    ShmProtocol.INSTANCE,
                    header,
                    feed,
                    wanted.delivery(),
                    row,
                    count -> writer.isEcho(count) ? 1 : 0);
            new Upstream(order.link(), order.received(), Optional.of(writer), () -> {
                        session.stop();
                        frames.close();
                    })
                    .start();
            session.run();
        } catch (LinkException e) {
            remarks.accept(wanted.stream() + " -> " + reader + ": " + e.getMessage());
        } catch (ShmException e) {
            remarks.accept("cannot read " + wanted.stream() + " for " + reader + ": " + e.getMessage());
        }
    }
}
