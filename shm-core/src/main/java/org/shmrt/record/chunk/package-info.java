/**
 * The files of a recording. A chunk is a FITS cube of frames with a table of their counters and times. While it is
 * recorded, the table is in a file beside it, so that both only grow; the headers state what was flushed. At the end the
 * table is appended to the cube. {@code chunk} knows files and no streams.
 *
 * <table>
 * <caption>States of a chunk</caption>
 * <tr><th>files</th><th>state</th></tr>
 * <tr><td>{@code X.fits}</td><td>complete</td></tr>
 * <tr><td>{@code X.fits}, {@code X.fits.times}</td><td>being recorded, or its recorder was killed: repair completes
 * it</td></tr>
 * <tr><td>{@code X.fits.times}</td><td>killed before the first frame: repair removes it</td></tr>
 * <tr><td>{@code X.fits}, {@code X.fits.fz}</td><td>killed after the compression: the compressed file counts, repair
 * removes the other</td></tr>
 * <tr><td>{@code X.fits.fz}</td><td>complete and compressed</td></tr>
 * <tr><td>{@code X.npy}, {@code X.times.npy}, {@code X.header}</td><td>complete, in npy form</td></tr>
 * </table>
 */
package org.shmrt.record.chunk;

// May import: fits.tile, fits.pixel, fits.header, fits.card, files, memory, posix, text, error.
