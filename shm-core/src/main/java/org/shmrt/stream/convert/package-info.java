/** Streams computed from others: conversion to another format, layout or depth, and sums of frames. */
package org.shmrt.stream.convert;

// May import: stream, stream.inspect, stream.keyword.table, stream.keyword, stream.engine, stream.format, memory,
// posix, text, error.
