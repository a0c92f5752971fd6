package org.shmrt.block;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.shmrt.error.IncompatibleException;

/**
 * A list of numbers, strings and None in a block, compatible with Python's
 * {@code multiprocessing.shared_memory.ShareableList} of Python 3.8 and later. The number of items is fixed at creation;
 * items can be replaced in place.
 *
 * <table>
 * <caption>Items</caption>
 * <tr><th>Java</th><th>Python</th><th>storage</th></tr>
 * <tr><td>{@link Long}; smaller integer types are accepted</td><td>{@code int}</td><td>8 bytes</td></tr>
 * <tr><td>{@link Double}; {@link Float} is accepted</td><td>{@code float}</td><td>8 bytes</td></tr>
 * <tr><td>{@link Boolean}</td><td>{@code bool}</td><td>8 bytes</td></tr>
 * <tr><td>{@link String}</td><td>{@code str}</td><td>its UTF-8 bytes and at least one NUL, a multiple of 8</td></tr>
 * <tr><td>{@code byte[]}</td><td>{@code bytes}</td><td>its bytes and at least one NUL, a multiple of 8</td></tr>
 * <tr><td>null</td><td>{@code None}</td><td>8 bytes</td></tr>
 * </table>
 *
 * <p>Replacing follows the rules of Python: an item keeps the storage with which it was created; a number, bool or null
 * always fits; a string fits if its bytes do. NULs at the end of a string are lost, because they cannot be distinguished
 * from padding. Python up to 3.13 counts characters in place of bytes and therefore truncates strings that are not ASCII
 * when it creates a list; this class counts bytes and truncates nothing.
 *
 * <p>Safe for use by multiple threads. An access takes some nanoseconds; it allocates its result. As in Python, there is
 * no lock: a reader may see the new kind of an item with the old value while another process replaces it.
 *
 * <p>The positions of items are checked and copied when the list is attached; kind and value of an item are checked
 * against them at each access. Whatever another process does to the block, an access results in a value or an
 * {@link IncompatibleException}.
 */
public final class ShareableList implements AutoCloseable {
    private final SharedMemory block;
    private final ListLayout layout;
    private final ItemAccess items;

    private ShareableList(SharedMemory block, ListLayout layout) {
        this.block = block;
        this.layout = layout;
        this.items = new ItemAccess(block, layout);
    }

    /** A mapped block from which a list is parsed. */
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

    /** A list that is not stored yet. */
    private record NewList(ListLayout layout, List<ItemValue> values) {
        static NewList of(List<?> items) {
            List<ItemValue> values = new ArrayList<>(items.size());
            for (Object item : items) {
                values.add(ItemValue.of(item));
            }
            return new NewList(
                    ListLayout.of(
                            values.stream().mapToLong(ItemValue::storageBytes).toArray()),
                    values);
        }

        BlockCreation creation() {
            return new BlockCreation(layout.byteSize(), OptionalInt.empty(), this::store);
        }

        private void store(MemorySegment memory) {
            memory.set(ItemFormat.LONG, 0, layout.count());
            for (int item = 0; item < layout.count(); item++) {
                long end = layout.start(item) + layout.storageBytes(item) - layout.start(0);
                memory.set(ItemFormat.LONG, layout.index().firstEndOffset() + 8L * item, end);
                ItemAccess.store(memory, layout, item, values.get(item));
            }
        }
    }

    /**
     * Creates a list in its own block. Other processes see it only when it is complete.
     *
     * @param name name of the block, 1 to 255 bytes without slash or NUL
     * @param items values as in the table above, including null
     * @return the list, open
     * @throws org.shmrt.error.AlreadyExistsException if the name exists
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException if the type of an item is not in the table, or a string has 9,999,992 bytes or
     *     more
     */
    public static ShareableList create(String name, List<?> items) {
        NewList list = NewList.of(items);
        return new ShareableList(list.creation().create(name), list.layout());
    }

    /**
     * Creates a list in its own block with a random name, as {@link SharedMemory#create(long)} does.
     *
     * @param items values as in the table above, including null
     * @return the list, open
     * @throws org.shmrt.error.NoSpaceException if shared memory is full; nothing is left behind
     * @throws IllegalArgumentException as for {@link #create(String, List)}
     */
    public static ShareableList create(List<?> items) {
        NewList list = NewList.of(items);
        return new ShareableList(list.creation().createWithRandomName(), list.layout());
    }

    /**
     * Attaches a list for reading and writing.
     *
     * @param name name of its block
     * @return the list
     * @throws org.shmrt.error.NotFoundException if the name does not exist
     * @throws org.shmrt.error.AccessDeniedException if this user may not read and write the block
     * @throws IncompatibleException if the block does not hold a valid list; it is not changed
     */
    public static ShareableList attach(String name) {
        return of(SharedMemory.attach(name));
    }

    /**
     * Attaches a list for reading. Needs read permission and no native access.
     *
     * @param name name of its block
     * @return the list
     * @throws org.shmrt.error.NotFoundException if the name does not exist
     * @throws org.shmrt.error.AccessDeniedException if this user may not read the block
     * @throws IncompatibleException if the block does not hold a valid list; it is not changed
     */
    public static ShareableList attachReadOnly(String name) {
        return of(SharedMemory.attachReadOnly(name));
    }

    private static ShareableList of(SharedMemory block) {
        try {
            return switch (ListParser.parse(new BlockSource(block))) {
                case ListParser.Valid valid -> new ShareableList(block, valid.layout());
                case ListParser.Invalid invalid ->
                    throw new IncompatibleException(
                            "the block " + block.name() + " does not hold a ShareableList: " + invalid.problem());
            };
        } catch (RuntimeException | Error e) {
            block.close();
            throw e;
        }
    }

    /**
     * The block of the list, for its name, {@link SharedMemory#unlink()}, {@link SharedMemory#isLinked()} and
     * {@link SharedMemory#relink()}. Closing it closes the list.
     *
     * @return the block
     */
    public SharedMemory block() {
        return block;
    }

    /**
     * Number of items, which is fixed.
     *
     * @return 0 or more
     */
    public int size() {
        return layout.count();
    }

    /**
     * Whether the list was created by Python 3.8; Python 3.9 and later cannot read such a list.
     *
     * @return false for lists of Python 3.9 and later, and of this class
     */
    public boolean hasPython38Index() {
        return layout.index() == ListIndex.LENGTHS;
    }

    /**
     * The current kind of an item.
     *
     * @param item its index, from 0
     * @return its kind
     * @throws IndexOutOfBoundsException if there is no such item
     * @throws IncompatibleException if the item is malformed, or the block was truncated
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public ItemKind kind(int item) {
        return items.kind(checked(item));
    }

    /**
     * The current value of an item.
     *
     * @param item its index, from 0
     * @return Long, Double, Boolean, String, byte[] or null
     * @throws IndexOutOfBoundsException if there is no such item
     * @throws IncompatibleException if the item is malformed, for example a string that Python truncated inside a
     *     character (see {@link #getBytes}), or the block was truncated
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public Object get(int item) {
        return items.value(checked(item));
    }

    /**
     * The bytes of a str or bytes item, whether they are valid UTF-8 or not.
     *
     * @param item its index, from 0
     * @return a new array, without the NULs at the end
     * @throws IndexOutOfBoundsException if there is no such item
     * @throws IncompatibleException if the item is of another kind or malformed, or the block was truncated
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public byte[] getBytes(int item) {
        return items.bytes(checked(item));
    }

    /**
     * The current values of all items, each as {@link #get} returns it.
     *
     * @return an unmodifiable copy
     * @throws IncompatibleException if an item is malformed, or the block was truncated
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public List<Object> toList() {
        List<Object> values = new ArrayList<>();
        for (int item = 0; item < size(); item++) {
            values.add(get(item));
        }
        return Collections.unmodifiableList(values);
    }

    /**
     * Replaces an item. Its storage does not change, so a string may be too long for it.
     *
     * @param item its index, from 0
     * @param value a value as in the table above, or null
     * @throws IndexOutOfBoundsException if there is no such item
     * @throws IllegalArgumentException if the type of the value is not in the table, or a string does not fit
     * @throws org.shmrt.error.AccessDeniedException if the list is attached read-only
     * @throws IncompatibleException if the block was truncated
     * @throws org.shmrt.error.ClosedException after {@link #close()}
     */
    public void set(int item, Object value) {
        items.replace(checked(item), ItemValue.of(value));
    }

    private int checked(int item) {
        return Objects.checkIndex(item, size());
    }

    /** Unmaps the list. Its block exists until it is unlinked. Closing again has no effect. */
    @Override
    public void close() {
        block.close();
    }

    @Override
    public String toString() {
        return "ShareableList(" + block.name() + ", " + size() + " items)";
    }
}
