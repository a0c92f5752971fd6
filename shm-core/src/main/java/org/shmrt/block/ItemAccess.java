package org.shmrt.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;
import org.shmrt.posix.GuardedCopy;

/**
 * Reads and writes the items of a list in shared memory. Another process may replace an item while it is read, so a
 * read is repeated until the item's description is valid and the same before and after. Safe for any thread.
 */
final class ItemAccess {
    /** Limit of repeated reads; another process would have to replace the item each time. */
    private static final int MAX_ATTEMPTS = 1000;

    /** Limit of the bytes of a string that are compared in repeated reads, after the second one. */
    private static final long MAX_REPEATED_BYTES = 1 << 24;

    private static final VarHandle FORMAT = ItemFormat.LONG.varHandle();

    private final SharedMemory block;
    private final ListLayout layout;

    ItemAccess(SharedMemory block, ListLayout layout) {
        this.block = block;
        this.layout = layout;
    }

    /** The part of an item to be read. */
    private enum Part {
        KIND,
        VALUE,
        BYTES
    }

    ItemKind kind(int item) {
        return (ItemKind) read(item, Part.KIND);
    }

    Object value(int item) {
        return read(item, Part.VALUE);
    }

    byte[] bytes(int item) {
        return (byte[]) read(item, Part.BYTES);
    }

    /** A string that is not UTF-8, possibly because it is being replaced. */
    private record Malformed(byte[] stored) {
        // A comparison avoids the memory and the exception of decoding the same bytes again.
        boolean isStillStored(MemorySegment memory, long offset, long bytes) {
            return bytes == stored.length
                    && GuardedCopy.isEqual(memory, offset, MemorySegment.ofArray(stored), 0, bytes);
        }

        boolean exceedsLimit(int attempts) {
            return attempts > 2 && (long) attempts * stored.length > MAX_REPEATED_BYTES;
        }
    }

    private Object read(int item, Part part) {
        MemorySegment memory = block.buf();
        Malformed malformed = null;
        try {
            for (int attempt = 1; ; attempt++) {
                long format = (long) FORMAT.getAcquire(memory, layout.formatOffset(item));
                byte code = memory.get(ValueLayout.JAVA_BYTE, layout.codeOffset(item));
                ItemKind kind = ItemFormat.kind(format, code, layout.storageBytes(item));
                boolean last = attempt == MAX_ATTEMPTS;
                if (kind != null) {
                    Object value = value(memory, item, kind, format, part, malformed);
                    VarHandle.acquireFence();
                    boolean same = (long) FORMAT.getAcquire(memory, layout.formatOffset(item)) == format
                            && memory.get(ValueLayout.JAVA_BYTE, layout.codeOffset(item)) == code;
                    Faults.poll();
                    if (value instanceof Malformed found) {
                        malformed = found;
                        if (last || found.exceedsLimit(attempt)) {
                            throw damaged("item " + item + " is a str that is not UTF-8: Python truncates strings that "
                                    + "are not ASCII, possibly inside a character; read it with getBytes");
                        }
                    } else if (same || last) {
                        return value;
                    }
                } else if (last) {
                    Faults.poll();
                    throw damaged(ItemFormat.problem(item, format, code, layout.storageBytes(item)));
                }
                Thread.onSpinWait();
            }
        } catch (InternalError | IllegalStateException e) {
            throw block.translate(e);
        }
    }

    private Object value(MemorySegment memory, int item, ItemKind kind, long format, Part part, Malformed previous) {
        if (part == Part.KIND) {
            return kind;
        }
        long offset = layout.start(item);
        if (kind != ItemKind.STR && kind != ItemKind.BYTES) {
            if (part == Part.BYTES) {
                throw damaged("item " + item + " is of type " + kind.pythonName() + ", not str or bytes");
            }
            return ItemValue.decode(kind, memory.get(ItemFormat.LONG, offset));
        }
        long bytes = ItemFormat.stringBytes(format);
        if (previous != null && kind == ItemKind.STR && previous.isStillStored(memory, offset, bytes)) {
            return previous;
        }
        byte[] stored = new byte[(int) bytes];
        GuardedCopy.copy(memory, offset, MemorySegment.ofArray(stored), 0, bytes);
        byte[] string = ItemValue.stripped(stored);
        if (kind == ItemKind.BYTES || part == Part.BYTES) {
            return string;
        }
        try {
            return ItemValue.decodeUtf8(string);
        } catch (CharacterCodingException e) {
            return new Malformed(stored);
        }
    }

    /** The exception for a malformed item, which may also be the result of a truncation that did not fault. */
    private IncompatibleException damaged(String problem) {
        return block.isTruncated()
                ? block.truncated()
                : new IncompatibleException("the list " + block.name() + ": " + problem);
    }

    void replace(int item, ItemValue value) {
        if (value.isString() && value.string().length > capacity(layout, item)) {
            throw new IllegalArgumentException(
                    "a string of " + value.string().length + " bytes does not fit into item " + item
                            + " of the list " + block.name() + ", which has room for " + capacity(layout, item)
                            + ": storage is fixed when a list is created");
        }
        block.requireWritable();
        try {
            store(block.buf(), layout, item, value);
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw block.translate(e);
        }
    }

    /** Bytes of the longest string: all of the storage, as in Python, if the format can express it. */
    private static long capacity(ListLayout layout, int item) {
        return Math.min(layout.storageBytes(item), ItemFormat.MAX_STRING_BYTES);
    }

    /** Writes an item in the order of Python: format, code, value. */
    static void store(MemorySegment memory, ListLayout layout, int item, ItemValue value) {
        long capacity = capacity(layout, item);
        memory.set(ItemFormat.LONG, layout.formatOffset(item), ItemFormat.of(value.kind(), capacity));
        memory.set(ValueLayout.JAVA_BYTE, layout.codeOffset(item), ItemFormat.code(value.kind()));
        if (value.isString()) {
            byte[] padded = Arrays.copyOf(value.string(), (int) capacity);
            GuardedCopy.copy(MemorySegment.ofArray(padded), 0, memory, layout.start(item), padded.length);
        } else {
            memory.set(ItemFormat.LONG, layout.start(item), value.bits());
        }
    }
}
