/**
 * Ordinary files, for whatever format: written whole or not at all, read in chunks into memory of any size, and
 * failures in words for a person. For this module's own packages; may import {@code error} only.
 */
package org.shmrt.files;
