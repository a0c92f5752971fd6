package org.shmrt.relay.service;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.shmrt.relay.Delivery;
import org.shmrt.relay.link.FrameEngine;
import org.shmrt.relay.link.GroupTicket;
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
        private final Runnable atEnd;

        private Membership(Key key, Group group, Runnable atEnd) {
            this.key = key;
            this.group = group;
            this.atEnd = atEnd;
        }

        GroupTicket ticket() {
            return group.ticket();
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
     * @throws org.shmrt.relay.link.LinkException if the group cannot be opened
     */
    synchronized Membership join(Key key, Path file, Runnable atEnd) {
        Group group = open.get(key);
        if (group == null || !group.add(atEnd)) {
            group = Group.open(key, file, settings, page, engine, remarks);
            group.add(atEnd);
            open.put(key, group);
        }
        return new Membership(key, group, atEnd);
    }

    private void leave(Membership member) {
        boolean isLast;
        synchronized (this) {
            isLast = member.group.remove(member.atEnd);
            if (isLast) {
                open.remove(member.key, member.group);
            }
        }
        if (isLast) {
            member.group.close();
        }
    }
}
