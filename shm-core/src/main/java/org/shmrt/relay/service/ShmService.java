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
        switch (route(wanted)) {
            case CONNECTION -> {
                requests.grant();
                send(link, link, sent, received, wanted, file.get(), "tcp" + cipher(session));
            }
            case ENGINE -> {
                if (engine.isEmpty()) {
                    requests.refuse("this relay does not send frames by Aeron: start it with --aeron, or ask for tcp");
                } else if (!wanted.endpoint().startsWith(FrameEngine.hostText(tcp.peerHost()) + ":")) {
                    // Else anybody could have frames sent to a third machine.
                    requests.refuse("frames are only sent to the machine that asks for them, " + tcp.peerHost());
                } else {
                    sendBeside(session, sent, received, requests, wanted, file.get());
                }
            }
            case GROUP -> {
                if (groups.isEmpty()) {
                    requests.refuse("this relay does not send frames by multicast: start it with --multicast"
                            + " GROUP:PORT, or ask without");
                } else {
                    sendToGroup(tcp, session, sent, received, requests, wanted, file.get());
                }
            }
        }
    }

    private static FrameRoute route(Requests.Subscription wanted) {
        if (wanted.endpoint().isEmpty()) {
            return FrameRoute.CONNECTION;
        }
        return wanted.endpoint().equals(Requests.Subscription.GROUP) ? FrameRoute.GROUP : FrameRoute.ENGINE;
    }

    /** The group sends the frames; heartbeats, and what the member writes, travel over the connection. */
    private void sendToGroup(
            TcpLink tcp,
            Handshake.Session session,
            FrameHeader sent,
            FrameHeader received,
            Requests requests,
            Requests.Subscription wanted,
            Path file) {
        ByteLink link = session.link();
        String reader = wanted.reader() + " (" + link.peer() + ")";
        Groups.Key key = new Groups.Key(wanted.stream(), wanted.delivery(), tcp.localHost());
        Groups.Membership joined;
        try {
            joined = groups.orElseThrow().join(key, file, link::close);
        } catch (LinkException e) {
            requests.refuse(e.getMessage());
            return;
        }
        CountDownLatch ended = new CountDownLatch(1);
        try (Groups.Membership member = joined;
                StatusRow row = page.row(RowRole.SEND, wanted.stream(), reader, "member of group");
                SourceWriter writer = new SourceWriter(settings.writes(), file, row, remarks)) {
            member.writesBy(writer);
            requests.grant(member.ticket());
            remarks.accept(wanted.stream() + " -> " + reader + ": multicast" + cipher(session) + ", "
                    + wanted.delivery().name().toLowerCase(Locale.ROOT) + " frames");
            row.state(RowState.CONNECTED, "");
            ControlSender heartbeats = ControlSender.heartbeats(link, sent);
            try {
                new Upstream(link, received, Optional.of(writer), member::ready, ended::countDown).start();
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                heartbeats.close();
            }
        }
    }

    private static String cipher(Handshake.Session session) {
        return session.keys().isPresent() ? ", encrypted" : "";
    }

    /** Sends the frames by the engine, and heartbeats over the connection. */
    private void sendBeside(
            Handshake.Session session,
            FrameHeader sent,
            FrameHeader received,
            Requests requests,
            Requests.Subscription wanted,
            Path file) {
        ByteLink link = session.link();
        try (ByteLink raw = engine.orElseThrow().sender(wanted.endpoint())) {
            ByteLink frames = SecureLink.of(raw, session.keys(), FRAMES, LinkKeys.Side.SERVER);
            requests.grant();
            ControlSender heartbeats = ControlSender.heartbeats(link, sent);
            try {
                FrameHeader own = new FrameHeader(ShmProtocol.INSTANCE);
                send(frames, link, own, received, wanted, file, "aeron" + cipher(session));
            } finally {
                heartbeats.close();
            }
        } catch (LinkException e) {
            throw new LinkException("cannot send " + wanted.stream() + " by Aeron: " + e.getMessage(), e);
        }
    }

    private void send(
            ByteLink frames,
            ByteLink control,
            FrameHeader sent,
            FrameHeader received,
            Requests.Subscription wanted,
            Path file,
            String transport) {
        String reader = wanted.reader() + " (" + control.peer() + ")";
        remarks.accept(wanted.stream() + " -> " + reader + ": " + transport + ", "
                + wanted.delivery().name().toLowerCase(Locale.ROOT) + " frames");
        try (SourceFeed feed = new SourceFeed(wanted.stream(), file, wanted.delivery(), settings.waiting());
                StatusRow row = page.row(RowRole.SEND, wanted.stream(), reader, transport);
                SourceWriter writer = new SourceWriter(settings.writes(), file, row, remarks)) {
            SendSession session = new SendSession(
                    frames,
                    ShmProtocol.INSTANCE,
                    sent,
                    feed,
                    wanted.delivery(),
                    row,
                    count -> writer.isEcho(count) ? 1 : 0);
            new Upstream(control, received, Optional.of(writer), () -> {
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
