package org.shmrt.relay.service;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.SourceWriter;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.GroupTicket;
import org.shmrt.relay.link.LinkException;
import org.shmrt.relay.status.StatusPage;

/**
 * The groups to which a server sends: one for each stream, delivery, and network from which receivers have joined. A
 * group exists as long as it has members. Safe for any thread.
 */
final class Groups {
    /** What the members of a group have in common. */
    record Key(String stream, Delivery delivery, String localHost) {}

    private final RelayServer.Settings settings;
    private final StatusPage page;
    private final FrameEngine engine;
    private final Consumer<String> remarks;
    private final Map<Key, Group> open = new HashMap<>();

    Groups(RelayServer.Settings settings, StatusPage page, FrameEngine engine, Consumer<String> remarks) {
        this.settings = settings;
        this.page = page;
        this.engine = engine;
        this.remarks = remarks;
    }

    /** A membership, which ends with {@link #close}. */
    final class Membership implements AutoCloseable {
        private final Key key;
        private final Group group;
        private final Group.Member member;

        private Membership(Key key, Group group, Group.Member member) {
            this.key = key;
            this.group = group;
            this.member = member;
        }

        GroupTicket ticket() {
            return group.ticket(member);
        }

        /** What the member writes into its replica is published by this writer. */
        void writesBy(SourceWriter writer) {
            member.writesBy(writer);
        }

        /** The member hears the group, and needs the description of the stream and its last frame. */
        void ready() {
            group.memberJoined();
        }

        @Override
        public void close() {
            leave(this);
        }
    }

    /**
     * Joins the group of a key, which is opened for the first member.
     *
     * @param file the stream
     * @param atEnd called when the group ends before the membership does, from any thread
     * @throws LinkException if the group cannot be opened, or ends at once
     */
    synchronized Membership join(Key key, Path file, Runnable atEnd) {
        Group group = open.get(key);
        Optional<Group.Member> joined = group == null ? Optional.empty() : group.add(atEnd);
        if (joined.isEmpty()) {
            group = Group.open(key, file, settings, page, engine, remarks);
            joined = group.add(atEnd);
            open.put(key, group);
        }
        return new Membership(
                key,
                group,
                joined.orElseThrow(() -> new LinkException("the multicast group has just ended: try again")));
    }

    private void leave(Membership membership) {
        boolean isLast;
        synchronized (this) {
            isLast = membership.group.remove(membership.member);
            if (isLast) {
                open.remove(membership.key, membership.group);
            }
        }
        if (isLast) {
            membership.group.close();
        }
    }
}
