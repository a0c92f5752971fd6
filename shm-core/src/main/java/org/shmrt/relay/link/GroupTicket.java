package org.shmrt.relay.link;

import java.util.Optional;

/**
 * What a receiver needs to join a group. It travels over the connection of its session, which is encrypted if the frames
 * are.
 *
 * @param endpoint where the group receives, in the form of its engine
 * @param key with which its frames are encrypted; empty if they are not
 * @param firstRecord number of the first encrypted record that the receiver may accept
 * @param member the number of the receiver in the group, from 1 on
 */
public record GroupTicket(String endpoint, Optional<GroupKey> key, long firstRecord, int member) {}
