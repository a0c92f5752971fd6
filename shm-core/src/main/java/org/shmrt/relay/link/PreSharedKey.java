package org.shmrt.relay.link;

import java.nio.charset.StandardCharsets;

/** A secret that both machines know. Immutable; has no text form, so that no message shows it. */
public final class PreSharedKey {
    /** Shorter secrets could be guessed by who records a handshake. */
    public static final int MIN_CHARACTERS = 32;

    private final byte[] secret;

    private PreSharedKey(byte[] secret) {
        this.secret = secret;
    }

    /**
     * The key of a secret text.
     *
     * @throws IllegalArgumentException if it is too short
     */
    public static PreSharedKey of(String text) {
        if (text.length() < MIN_CHARACTERS) {
            throw new IllegalArgumentException(
                    "a key must have at least " + MIN_CHARACTERS + " characters: make one with: openssl rand -hex 32");
        }
        return new PreSharedKey(text.getBytes(StandardCharsets.UTF_8));
    }

    byte[] secret() {
        return secret;
    }
}
