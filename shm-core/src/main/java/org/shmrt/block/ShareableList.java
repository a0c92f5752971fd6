package org.shmrt.block;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.shmrt.error.IncompatibleException;
import org.shmrt.posix.Faults;

/**
 * A list of numbers, texts and None in a block: Python's {@code multiprocessing.shared_memory.ShareableList}, readable
 * by Python 3.8 and later from either side. Its length is fixed at creation, its items can be replaced in place.
 *
 * <table>
 * <caption>Items</caption>
 * <tr><th>Java</th><th>Python</th><th>storage</th></tr>
 * <tr><td>{@link Long}; any whole number type is accepted</td><td>{@code int}</td><td>8 bytes</td></tr>
 * <tr><td>{@link Double}; {@link Float} is accepted</td><td>{@code float}</td><td>8 bytes</td></tr>
 * <tr><td>{@link Boolean}</td><td>{@code bool}</td><td>8 bytes</td></tr>
 * <tr><td>{@link String}</td><td>{@code str}</td><td>its UTF-8 bytes and at least one NUL, in multiples of 8</td></tr>
 * <tr><td>{@code byte[]}</td><td>{@code bytes}</td><td>as a text</td></tr>
 * <tr><td>null</td><td>{@code None}</td><td>8 bytes</td></tr>
 * </table>
 *
 * <p>Replacing follows Python's rules: an item keeps the storage it was created with; any number, bool or null fits;
 * a text fits if its bytes do. NULs at the end of a text are lost, for they cannot be told from padding. Python up to
 * 3.13 counts characters where it should count bytes and so cuts texts that are not ASCII when it creates a list; this
 * class counts bytes and cuts none.
 *
 * <p>Any thread may use a list; an access costs some nanoseconds, texts allocate. As in Python there is no lock: who
 * reads an item while another process replaces it by one of another kind may see the new kind with the old bits.
 *
 * <p>Where the items lie is checked once, when the list is attached, and kept; kind and value of an item are read at
 * each access and checked against that. So whatever another process does to the block, an access ends with a value or
 * an {@link IncompatibleException}.
 */
public final class ShareableList implements AutoCloseable {
    /** How often a description that makes no sense is read again: another process may be in the middle of replacing. */
    private static final int ATTEMPTS = 1000;

    private static final VarHandle FORMAT = ItemFormat.LONG.varHandle();
    /** The most bytes of a text that are looked at again for that, beyond a second look. */
    private static final long MOST_BYTES_AGAIN = 1 << 24;

    private final SharedMemory block;
    private final ListLayout layout;

    private ShareableList(SharedMemory block, ListLayout layout) {
        this.block = block;
        this.layout = layout;
    }

    /** A block as a place to read a list from. */
    private record BlockSource(SharedMemory block) implements ListSource {
        @Override
        public void read(long offset, MemorySegment target) {
            block.read(offset, target);
        }

        @Override
        public long size() {
            return block.size();
        }
    }

    /**
     * Creates a list in a block of its own. It appears complete or not at all.
     *
     * @param name as in {@link SharedMemory#create(String, long)}; null for a name that nobody has
     * @param items values as in the table above, null among them
     * @return the list, open
     * @throws org.shmrt.error.AlreadyExistsException if there is a block of that name
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException if an item is of no such type, or is a text of ten million bytes
     */
    public static ShareableList create(String name, List<?> items) {
        List<ItemValue> values = new ArrayList<>(items.size());
        for (Object item : items) {
            values.add(ItemValue.of(item));
        }
        ListLayout layout =
                ListLayout.of(values.stream().mapToLong(ItemValue::storageBytes).toArray());
        SharedMemory block = SharedMemory.create(name, layout.byteSize(), memory -> fill(memory, layout, values));
        return new ShareableList(block, layout);
    }

    private static void fill(MemorySegment memory, ListLayout layout, List<ItemValue> values) {
        memory.set(ItemFormat.LONG, 0, layout.count());
        for (int item = 0; item < layout.count(); item++) {
            memory.set(
                    ItemFormat.LONG, 16 + 8L * item, layout.start(item) + layout.storageBytes(item) - layout.start(0));
            store(memory, layout, item, values.get(item));
        }
    }

    /**
     * Attaches a list for reading and writing.
     *
     * @param name name of its block
     * @return the list
     * @throws org.shmrt.error.NotFoundException if there is no block of that name
     * @throws org.shmrt.error.AccessDeniedException if it may not be read and written
     * @throws IncompatibleException if the block holds no list, or a damaged one; it is left as it is
     */
    public static ShareableList attach(String name) {
        return of(SharedMemory.attach(name));
    }

    /**
     * Attaches a list for reading. Needs read permission and no native access.
     *
     * @param name name of its block
     * @return the list
     * @throws org.shmrt.error.NotFoundException if there is no block of that name
     * @throws org.shmrt.error.AccessDeniedException if it may not be read
     * @throws IncompatibleException if the block holds no list, or a damaged one; it is left as it is
     */
    public static ShareableList attachReadOnly(String name) {
        return of(SharedMemory.attachReadOnly(name));
    }

    private static ShareableList of(SharedMemory block) {
        boolean attached = false;
        try {
            ListLayout.Parser parser = new ListLayout.Parser(new BlockSource(block));
            if (parser.layout() == null) {
                throw new IncompatibleException(
                        "the block " + block.name() + " holds no ShareableList: " + parser.problem());
            }
            attached = true;
            return new ShareableList(block, parser.layout());
        } finally {
            if (!attached) {
                block.close();
            }
        }
    }

    /**
     * The block the list is in, for its name, {@link SharedMemory#unlink()}, {@link SharedMemory#isLinked()} and
     * {@link SharedMemory#relink()}. Closing it closes the list.
     *
     * @return the block
     */
    public SharedMemory block() {
        return block;
    }

    /**
     * Number of items, which never changes.
     *
     * @return 0 or more
     */
    public int size() {
        return layout.count();
    }

    /**
     * Whether the list was made by Python 3.8, which Python 3.9 and later cannot read.
     *
     * @return false for lists of Python 3.9 and later, and of this class
     */
    public boolean hasPython38Index() {
        return layout.hasLengths();
    }

    /**
     * What an item is at the moment.
     *
     * @param item its position, from 0
     * @return its kind
     * @throws IndexOutOfBoundsException if there is no such item
     * @throws IncompatibleException if the item is damaged, or the block was cut off
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public ItemKind kind(int item) {
        return (ItemKind) read(item, Wanted.KIND);
    }

    /**
     * The value of an item.
     *
     * @param item its position, from 0
     * @return Long, Double, Boolean, String, byte[] or null
     * @throws IndexOutOfBoundsException if there is no such item
     * @throws IncompatibleException if the item is damaged, such as a text that Python cut inside a character (see
     *     {@link #getBytes}), or the block was cut off
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public Object get(int item) {
        return read(item, Wanted.VALUE);
    }

    /**
     * The bytes of a text, be it UTF-8 or not.
     *
     * @param item its position, from 0
     * @return the bytes of a str or bytes without the NULs at their end
     * @throws IndexOutOfBoundsException if there is no such item
     * @throws IncompatibleException if the item is no text or damaged, or the block was cut off
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public byte[] getBytes(int item) {
        return (byte[]) read(item, Wanted.BYTES);
    }

    /**
     * All values at this moment, each as {@link #get} gives it.
     *
     * @return a copy that cannot be changed
     * @throws IncompatibleException if an item is damaged, or the block was cut off
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public List<Object> toList() {
        List<Object> values = new ArrayList<>();
        for (int item = 0; item < size(); item++) {
            values.add(get(item));
        }
        return Collections.unmodifiableList(values);
    }

    /** What to make of an item. */
    private enum Wanted {
        KIND,
        VALUE,
        BYTES
    }

    /** A text that is not UTF-8, maybe because it is in the making. */
    private record Malformed(byte[] stored) {
        // Decoding it once more would cost its memory once more, and an exception.
        boolean isStill(MemorySegment memory, long at, long bytes) {
            return bytes == stored.length
                    && MemorySegment.mismatch(memory, at, at + bytes, MemorySegment.ofArray(stored), 0, bytes) < 0;
        }

        boolean isEnough(int attempts) {
            return attempts > 2 && (long) attempts * stored.length > MOST_BYTES_AGAIN;
        }
    }

    /** Reads an item until its description is sound and the same before and after. */
    private Object read(int item, Wanted wanted) {
        Objects.checkIndex(item, size());
        MemorySegment memory = block.buf();
        Malformed malformed = null;
        try {
            for (int attempt = 1; ; attempt++) {
                long format = (long) FORMAT.getAcquire(memory, layout.formatAt(item));
                byte code = memory.get(ValueLayout.JAVA_BYTE, layout.codeAt(item));
                ItemKind kind = ItemFormat.kind(format, code, layout.storageBytes(item));
                boolean last = attempt == ATTEMPTS;
                if (kind != null) {
                    Object value = value(memory, item, kind, format, wanted, malformed);
                    VarHandle.acquireFence();
                    boolean same = (long) FORMAT.getAcquire(memory, layout.formatAt(item)) == format
                            && memory.get(ValueLayout.JAVA_BYTE, layout.codeAt(item)) == code;
                    Faults.poll();
                    if (value instanceof Malformed still) {
                        malformed = still;
                        if (last || still.isEnough(attempt)) {
                            throw damaged("item " + item + " is a text that is not UTF-8: Python cuts texts that are "
                                    + "not ASCII, maybe inside a character; read its bytes");
                        }
                    } else if (same || last) {
                        return value;
                    }
                } else if (last) {
                    Faults.poll();
                    throw damaged(ListLayout.describe(item, format, code, layout.storageBytes(item)));
                }
                Thread.onSpinWait();
            }
        } catch (InternalError | IllegalStateException e) {
            throw block.lost(e);
        }
    }

    private Object value(MemorySegment memory, int item, ItemKind kind, long format, Wanted wanted, Malformed before) {
        if (wanted == Wanted.KIND) {
            return kind;
        }
        long at = layout.start(item);
        if (kind != ItemKind.STR && kind != ItemKind.BYTES) {
            if (wanted == Wanted.BYTES) {
                throw damaged("item " + item + " is of kind " + kind.pythonName() + " and no text");
            }
            return ItemValue.decode(kind, memory.get(ItemFormat.LONG, at));
        }
        long textBytes = ItemFormat.textBytes(format);
        if (before != null && kind == ItemKind.STR && before.isStill(memory, at, textBytes)) {
            return before;
        }
        byte[] stored = memory.asSlice(at, textBytes).toArray(ValueLayout.JAVA_BYTE);
        byte[] text = ItemValue.stripped(stored);
        if (kind == ItemKind.BYTES || wanted == Wanted.BYTES) {
            return text;
        }
        try {
            return ItemValue.decodeUtf8(text);
        } catch (CharacterCodingException e) {
            return new Malformed(stored);
        }
    }

    private IncompatibleException damaged(String what) {
        return block.isCutOff()
                ? block.cutOff(null)
                : new IncompatibleException("the list " + block.name() + ": " + what);
    }

    /**
     * Replaces an item. Its storage stays as it is, so a text may be too long for it.
     *
     * @param item its position, from 0
     * @param value as in the table above, or null
     * @throws IndexOutOfBoundsException if there is no such item
     * @throws IllegalArgumentException if the value is of no such type, or a text that does not fit
     * @throws org.shmrt.error.AccessDeniedException if the list was attached read-only
     * @throws IncompatibleException if the block was cut off
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public void set(int item, Object value) {
        Objects.checkIndex(item, size());
        ItemValue stored = ItemValue.of(value);
        if (stored.isText() && stored.text().length > textCapacity(layout, item)) {
            throw new IllegalArgumentException(
                    "a text of " + stored.text().length + " bytes does not fit into item " + item
                            + " of the list " + block.name() + ", which has room for " + textCapacity(layout, item)
                            + ": storage is fixed when a list is created");
        }
        block.requireWritable();
        try {
            store(block.buf(), layout, item, stored);
            Faults.poll();
        } catch (InternalError | IllegalStateException e) {
            throw block.lost(e);
        }
    }

    /** How long a text may be: all of the storage, as in Python, if its format can say so. */
    private static long textCapacity(ListLayout layout, int item) {
        return Math.min(layout.storageBytes(item), ItemFormat.MAX_TEXT_BYTES);
    }

    /** In Python's order: format, code, value. */
    private static void store(MemorySegment memory, ListLayout layout, int item, ItemValue value) {
        long capacity = textCapacity(layout, item);
        memory.set(ItemFormat.LONG, layout.formatAt(item), ItemFormat.of(value.kind(), capacity));
        memory.set(ValueLayout.JAVA_BYTE, layout.codeAt(item), ItemFormat.code(value.kind()));
        if (value.isText()) {
            byte[] padded = Arrays.copyOf(value.text(), (int) capacity);
            MemorySegment.copy(padded, 0, memory, ValueLayout.JAVA_BYTE, layout.start(item), padded.length);
        } else {
            memory.set(ItemFormat.LONG, layout.start(item), value.bits());
        }
    }

    /** Unmaps the list; its block stays until it is unlinked. Closing twice is harmless. */
    @Override
    public void close() {
        block.close();
    }

    @Override
    public String toString() {
        return "ShareableList(" + block.name() + ", " + size() + " items)";
    }
}
