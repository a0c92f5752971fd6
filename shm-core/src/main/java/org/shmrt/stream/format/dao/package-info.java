/**
 * The DAO format: where its fields are, how its files are recognised, named and filled. Reached only through
 * {@link org.shmrt.stream.format.StreamFormat}; imports {@code stream} and {@code memory}.
 */
package org.shmrt.stream.format.dao;
