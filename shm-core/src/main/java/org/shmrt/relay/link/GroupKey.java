package org.shmrt.relay.link;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/** The secret that all members of a group share. Immutable; has no text form, so that no message shows it. */
public final class GroupKey {
    /** Its size. */
    public static final int BYTES = 32;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;

    private GroupKey(byte[] secret) {
        this.secret = secret;
    }

    /** A new random key. */
    public static GroupKey random() {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return new GroupKey(secret);
    }

    /** Takes a key from a message, as {@link #put} puts it there. */
    public static GroupKey get(ByteBuffer from) {
        byte[] secret = new byte[BYTES];
        from.get(secret);
        return new GroupKey(secret);
    }

    /** Puts the key into a message. */
    public void put(ByteBuffer to) {
        to.put(secret);
    }

    byte[] secret() {
        return secret;
    }
}
