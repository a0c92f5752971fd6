package org.shmrt.relay.link;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;

/**
 * Encrypts and authenticates the bytes of another link in records: a header in the clear, whose first word is the length
 * (u32, little-endian), then the encrypted bytes with their tag. Each call of {@link #send} begins a new record.
 */
abstract class RecordLink implements ByteLink {
    private static final int MAX_PLAIN_BYTES = 1 << 16;

    private final ByteLink inner;
    private final ByteBuffer plain = ByteBuffer.allocate(MAX_PLAIN_BYTES);
    private final ByteBuffer sealed;
    private final ByteBuffer header;
    private final ByteBuffer arrived = direct(MAX_PLAIN_BYTES + RecordCipher.TAG_BYTES);
    private final byte[] openedBytes = new byte[MAX_PLAIN_BYTES];
    private final ByteBuffer opened = ByteBuffer.wrap(openedBytes).limit(0);
    private final MemorySegment openedSegment = MemorySegment.ofArray(openedBytes);

    RecordLink(ByteLink inner, int headerBytes) {
        this.inner = inner;
        this.header = direct(headerBytes);
        this.sealed = direct(headerBytes + MAX_PLAIN_BYTES + RecordCipher.TAG_BYTES);
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Puts the header of the next record, and encrypts it. */
    abstract void seal(ByteBuffer from, boolean isFirst, ByteBuffer to) throws GeneralSecurityException;

    /** The length of the record that a header announces, unchecked. */
    abstract int length(ByteBuffer recordHeader);

    /** Decrypts a record after its header. */
    abstract void open(ByteBuffer recordHeader, ByteBuffer from, ByteBuffer to) throws GeneralSecurityException;

    @Override
    public final void send(ByteBuffer... parts) {
        boolean isFirst = true;
        for (ByteBuffer part : parts) {
            while (part.hasRemaining()) {
                int bytes = Math.min(part.remaining(), plain.remaining());
                plain.put(plain.position(), part, part.position(), bytes).position(plain.position() + bytes);
                part.position(part.position() + bytes);
                if (!plain.hasRemaining()) {
                    sendRecord(isFirst);
                    isFirst = false;
                }
            }
        }
        if (plain.position() > 0) {
            sendRecord(isFirst);
        }
    }

    private void sendRecord(boolean isFirst) {
        plain.flip();
        sealed.clear();
        try {
            seal(plain, isFirst, sealed);
        } catch (GeneralSecurityException e) {
            throw failed("cannot encrypt", e);
        }
        plain.clear();
        inner.send(sealed.flip());
    }

    @Override
    public final void receive(ByteBuffer... parts) {
        for (ByteBuffer part : parts) {
            while (part.hasRemaining()) {
                if (!opened.hasRemaining()) {
                    receiveRecord();
                }
                int bytes = Math.min(part.remaining(), opened.remaining());
                // The target may be a stream whose file another process truncates.
                GuardedCopy.copy(openedSegment, opened.position(), MemorySegment.ofBuffer(part), 0, bytes);
                Faults.poll();
                opened.position(opened.position() + bytes);
                part.position(part.position() + bytes);
            }
        }
    }

    /** Receives the next record in place of the rest of the last one. */
    final void receiveRecord() {
        opened.limit(0);
        inner.receive(header.clear());
        int bytes = length(header);
        if (bytes < 1 || bytes > MAX_PLAIN_BYTES) {
            throw failed("received a record of " + Integer.toUnsignedString(bytes) + " bytes", null);
        }
        inner.receive(arrived.clear().limit(bytes + RecordCipher.TAG_BYTES));
        opened.clear();
        try {
            open(header, arrived.flip(), opened);
        } catch (AEADBadTagException e) {
            opened.limit(0);
            throw failed("received bytes that the owner of the key did not send, or sent before", e);
        } catch (GeneralSecurityException e) {
            opened.limit(0);
            throw failed("cannot decrypt", e);
        }
        opened.flip();
    }

    /** Closes the link, for a reason. */
    final LinkException failed(String reason, Exception cause) {
        inner.close();
        return new LinkException(
                "the link to " + peer() + " " + reason + ": it was closed; check that both sides have the same key",
                cause);
    }

    @Override
    public final boolean sendsInPlace() {
        return false;
    }

    @Override
    public final void boundUnsent(long bytes) {
        inner.boundUnsent(bytes);
    }

    @Override
    public final String peer() {
        return inner.peer();
    }

    @Override
    public final void close() {
        inner.close();
    }
}
