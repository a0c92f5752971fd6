package org.shmrt.testing;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file whose changes a test slows down, or lets fail in the middle. */
public final class InterceptedChannel extends FileChannel {
    private final FileChannel file;
    private final Interceptor interceptor;

    /** Called before each change of a file. */
    public interface Interceptor {
        /**
         * A change follows.
         *
         * @param file the file itself
         * @param bytes what is going to be written; empty if the file is going to be forced or truncated
         * @param position where
         * @throws IOException instead of the change
         */
        void before(FileChannel file, ByteBuffer bytes, long position) throws IOException;
    }

    /** Passes everything on to a file. */
    public InterceptedChannel(FileChannel file, Interceptor interceptor) {
        this.file = file;
        this.interceptor = interceptor;
    }

    private void intercept() throws IOException {
        interceptor.before(file, ByteBuffer.allocate(0), file.size());
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        interceptor.before(file, bytes.duplicate(), file.position());
        return file.write(bytes);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
        interceptor.before(file, bytes.duplicate(), position);
        return file.write(bytes, position);
    }

    @Override
    public long write(ByteBuffer[] buffers, int offset, int length) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return file.read(target);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return file.read(target, position);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return file.read(targets, offset, length);
    }

    @Override
    public long position() throws IOException {
        return file.position();
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        file.position(newPosition);
        return this;
    }

    @Override
    public long size() throws IOException {
        return file.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        intercept();
        file.truncate(size);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        intercept();
        file.force(metaData);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return file.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        return file.map(mode, position, size);
    }

    @Override
    public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
        return file.map(mode, offset, size, arena);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return file.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        file.close();
    }
}
