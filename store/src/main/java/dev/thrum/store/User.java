package dev.thrum.store;

import java.time.Instant;

/** A user. */
public record User(long id, String name, String email, Instant createdAt) {}
