package org.shmrt.relay.link;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one session. They are derived, as in HKDF, from the pre-shared key and random numbers of both sides, so a
 * recorded session opens nothing later. Each use and direction has a key of its own. Immutable.
 */
public final class LinkKeys {
    private static final String HMAC = "HmacSHA256";

    /** Which keys a side uses to send. */
    public enum Side {
        /** The side that connects. */
        CLIENT,
        /** The side that listens. */
        SERVER
    }

    private final byte[] master;

    private LinkKeys(byte[] master) {
        this.master = master;
    }

    static LinkKeys derive(PreSharedKey key, byte[] clientRandom, byte[] serverRandom) {
        return new LinkKeys(
                hmac(key.secret(), "shmrt relay 1".getBytes(StandardCharsets.UTF_8), clientRandom, serverRandom));
    }

    /** The keys of a group, from the secret of its members. */
    static LinkKeys of(GroupKey key) {
        return new LinkKeys(hmac(key.secret(), "shmrt relay group 1".getBytes(StandardCharsets.UTF_8)));
    }

    /** The key with which a side encrypts for one use. */
    SecretKey key(String use, Side sender) {
        byte[] label = (use + " " + sender).getBytes(StandardCharsets.UTF_8);
        return new SecretKeySpec(hmac(master, label, new byte[] {1}), "AES");
    }

    private static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new LinkException("this Java has no " + HMAC + ": use a complete JDK", e);
        }
    }
}
