package org.shmrt.relay.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** AES-256-GCM for the records of one direction of a link. The nonce is the number of a record. For one thread. */
final class RecordCipher {
    /** Bytes by which an encrypted record is longer. */
    static final int TAG_BYTES = 16;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;

    private final SecretKey key;
    private final Cipher cipher;
    private final byte[] nonceBytes = new byte[NONCE_BYTES];
    private final ByteBuffer nonce = ByteBuffer.wrap(nonceBytes);
    private final byte[] wordBytes = new byte[Integer.BYTES];
    private final ByteBuffer word = ByteBuffer.wrap(wordBytes).order(ByteOrder.LITTLE_ENDIAN);

    /**
     * A cipher.
     *
     * @throws LinkException if this Java has none
     */
    RecordCipher(SecretKey key) {
        this.key = key;
        try {
            this.cipher = Cipher.getInstance(CIPHER);
        } catch (GeneralSecurityException e) {
            throw new LinkException("this Java has no " + CIPHER + ": use a complete JDK", e);
        }
    }

    /**
     * Encrypts one record.
     *
     * @param number of the record, which must not be used twice
     * @param lengthWord what precedes the record in the clear, and is authenticated too
     */
    void encrypt(long number, int lengthWord, ByteBuffer from, ByteBuffer to) throws GeneralSecurityException {
        apply(Cipher.ENCRYPT_MODE, number, lengthWord, from, to);
    }

    /**
     * Decrypts one record.
     *
     * @param number of the record
     * @param lengthWord what precedes it in the clear
     * @throws javax.crypto.AEADBadTagException if the record is not that which the owner of the key sent
     */
    void decrypt(long number, int lengthWord, ByteBuffer from, ByteBuffer to) throws GeneralSecurityException {
        apply(Cipher.DECRYPT_MODE, number, lengthWord, from, to);
    }

    private void apply(int mode, long number, int lengthWord, ByteBuffer from, ByteBuffer to)
            throws GeneralSecurityException {
        nonce.putLong(NONCE_BYTES - Long.BYTES, number);
        word.putInt(0, lengthWord);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonceBytes));
        cipher.updateAAD(wordBytes);
        cipher.doFinal(from, to);
    }
}
