package org.shmrt.relay.service;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.shmrt.error.ShmException;
import org.shmrt.relay.SourceFeed;
import org.shmrt.relay.SourceWriter;
import org.shmrt.relay.link.ByteLink;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.GroupKey;
import org.shmrt.relay.link.GroupTicket;
import org.shmrt.relay.link.SecureGroupLink;
import org.shmrt.relay.status.RowRole;
import org.shmrt.relay.status.StatusPage;
import org.shmrt.relay.status.StatusRow;
import org.shmrt.relay.wire.FrameHeader;
import org.shmrt.relay.wire.SendSession;
import org.shmrt.relay.wire.ShmProtocol;

/** Sends one stream once to all members of a group, with a thread of its own. Safe for any thread. */
final class Group {
    private static final long END_MS = 1000;

    /** One receiver of the frames. */
    static final class Member {
        private final int number;
        private final Runnable atEnd;
        private volatile SourceWriter writer;

        private Member(int number, Runnable atEnd) {
            this.number = number;
            this.atEnd = atEnd;
        }

        /** What it writes into its replica is published by this writer. */
        void writesBy(SourceWriter newWriter) {
            writer = newWriter;
        }
    }

    private final FrameEngine.GroupSender sender;
    private final Optional<GroupKey> key;
    private final Optional<SecureGroupLink> secure;
    private final SourceFeed feed;
    private final StatusRow row;
    private final SendSession session;
    private final Consumer<String> remarks;
    private final String description;
    /** Replaced as a whole, because the thread of the group reads it for each frame. */
    private volatile Member[] members = {};

    private int lastNumber;
    private final Thread thread;
    private boolean ended;

    private Group(
            Groups.Key key,
            Path file,
            RelayServer.Settings settings,
            StatusPage page,
            FrameEngine.GroupSender sender,
            Consumer<String> remarks) {
        this.sender = sender;
        this.remarks = remarks;
        this.key = settings.key().map(psk -> GroupKey.random());
        this.secure = this.key.map(secret -> SecureGroupLink.sender(sender, secret));
        this.description = key.stream() + " -> group " + sender.peer();
        ByteLink frames = secure.isPresent() ? secure.get() : sender;
        feed = new SourceFeed(key.stream(), file, key.delivery(), settings.waiting());
        row = page.row(
                RowRole.SEND, key.stream(), "group " + sender.peer(), FrameRoute.GROUP.transport(secure.isPresent()));
        session = new SendSession(
                frames,
                ShmProtocol.INSTANCE,
                new FrameHeader(ShmProtocol.INSTANCE),
                feed,
                key.delivery(),
                row,
                this::writerOf);
        thread = Thread.ofPlatform()
                .daemon()
                .name("shm-relay-group " + sender.peer())
                .unstarted(this::run);
    }

    /**
     * Opens a group.
     *
     * @throws org.shmrt.relay.link.LinkException if the engine cannot reach it
     */
    static Group open(
            Groups.Key key,
            Path file,
            RelayServer.Settings settings,
            StatusPage page,
            FrameEngine engine,
            Consumer<String> remarks) {
        FrameEngine.GroupSender sender = engine.groupSender(key.localHost());
        Group group = null;
        try {
            group = new Group(key, file, settings, page, sender, remarks);
            group.thread.start();
            return group;
        } catch (RuntimeException | Error e) {
            sender.close();
            if (group != null) {
                group.row.close();
                group.feed.close();
            }
            throw e;
        }
    }

    private void run() {
        String reason = "";
        try (feed;
                row) {
            session.run();
        } catch (ShmException e) {
            reason = e.getMessage();
        } finally {
            sender.close();
        }
        end(reason);
    }

    /** The number of the member that wrote the frame of a count; 0 if none did. */
    private int writerOf(long count) {
        for (Member member : members) {
            SourceWriter writer = member.writer;
            if (writer != null && writer.isEcho(count)) {
                return member.number;
            }
        }
        return 0;
    }

    private void end(String reason) {
        Member[] left;
        synchronized (this) {
            ended = true;
            left = members;
        }
        if (left.length > 0) {
            remarks.accept(description + ": " + reason);
        }
        for (Member member : left) {
            member.atEnd.run();
        }
    }

    /**
     * Adds a member.
     *
     * @param atEnd called when the group ends
     * @return empty if it has ended
     */
    synchronized Optional<Member> add(Runnable atEnd) {
        if (ended) {
            return Optional.empty();
        }
        Member added = new Member(++lastNumber, atEnd);
        Member[] more = Arrays.copyOf(members, members.length + 1);
        more[members.length] = added;
        members = more;
        return Optional.of(added);
    }

    /** Removes a member. Returns whether it was the last one. */
    synchronized boolean remove(Member member) {
        members = Stream.of(members).filter(other -> other != member).toArray(Member[]::new);
        return members.length == 0;
    }

    /** What a member that joins now needs. */
    GroupTicket ticket(Member member) {
        return new GroupTicket(
                sender.endpoint(), key, secure.map(SecureGroupLink::nextRecord).orElse(0L), member.number);
    }

    /** A member has joined, and hears the group. */
    void memberJoined() {
        session.receiverJoined();
    }

    /** Ends the group without members. */
    void close() {
        session.stop();
        sender.close();
        try {
            thread.join(END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
