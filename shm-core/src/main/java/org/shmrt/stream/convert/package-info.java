/** Streams computed from others: conversion to another format, layout or depth, and sums of frames. */
package org.shmrt.stream.convert;
