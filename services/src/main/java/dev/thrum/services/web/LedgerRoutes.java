package dev.thrum.services.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.thrum.base.Rfc3339;
import dev.thrum.http.HttpException;
import dev.thrum.http.Request;
import dev.thrum.http.Response;
import dev.thrum.http.server.Router;
import dev.thrum.store.Account;
import dev.thrum.store.Decision;
import dev.thrum.store.Entry;
import dev.thrum.store.Ledger;
import dev.thrum.store.Operation;
import dev.thrum.store.Page;
import dev.thrum.store.Transfer;
import dev.thrum.store.UserRules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Accounts, deposits and transfers, over HTTP. */
public final class LedgerRoutes implements Routes {
    private static final String KEY = "Idempotency-Key";
    private static final String UNKNOWN = "Account does not exist";

    private final Ledger ledger;

    public LedgerRoutes(Ledger ledger) {
        this.ledger = ledger;
    }

    private record ShownAccount(
            long id,
            String owner,
            long balance,
            @JsonProperty("created_at") String createdAt) {
        static ShownAccount of(Account account) {
            return new ShownAccount(
                    account.id(), account.owner(), account.balance(), Rfc3339.text(account.createdAt()));
        }
    }

    private record ShownTransfer(
            long id,
            long from,
            long to,
            long amount,
            @JsonProperty("created_at") String createdAt) {
        static ShownTransfer of(Transfer transfer) {
            return new ShownTransfer(
                    transfer.id(),
                    transfer.from(),
                    transfer.to(),
                    transfer.amount(),
                    Rfc3339.text(transfer.createdAt()));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record ShownEntry(
            long id,
            String kind,
            long amount,
            long balance,
            @Nullable Long counterpart,
            @JsonProperty("created_at") String createdAt) {
        static ShownEntry of(Entry entry) {
            return new ShownEntry(
                    entry.id(),
                    entry.kind().label(),
                    entry.amount(),
                    entry.balance(),
                    entry.counterpart().isPresent() ? (Long) entry.counterpart().getAsLong() : null,
                    Rfc3339.text(entry.createdAt()));
        }
    }

    @Override
    public void addTo(Router.Builder routes) {
        routes.post("/accounts", this::open)
                .get("/accounts/{id}", this::show)
                .get("/accounts/{id}/history", this::history)
                .post("/accounts/{id}/deposit", this::deposit)
                .post("/accounts/{id}/withdraw", this::withdraw)
                .post("/transfers", this::transfer);
    }

    @Override
    public Map<String, String> endpoints() {
        Map<String, String> endpoints = new LinkedHashMap<>();
        endpoints.put(
                "/accounts",
                "POST {\"owner\":\"...\"}: a new account; GET /accounts/...: the account; GET /accounts/.../history: what"
                        + " changed it; POST {\"amount\":100} to /accounts/.../deposit or /accounts/.../withdraw, with an"
                        + " Idempotency-Key: the account after it");
        endpoints.put(
                "/transfers",
                "POST {\"from\":1,\"to\":2,\"amount\":100}, with an Idempotency-Key: money from one account to another");
        return endpoints;
    }

    @Override
    public Endpoint.Group group() {
        return new Endpoint.Group(
                "Accounts",
                "Deposit, withdraw and transfer need an " + KEY
                        + " of your choice, a new one for each operation: a request"
                        + " that is sent again with the same key has no second effect. Amounts are in cents.",
                List.of(
                        Endpoint.post("/accounts", "{\"owner\":\"Ann\"}", "Opens an account, with a balance of 0."),
                        Endpoint.get("/accounts/1", "One account and its balance."),
                        Endpoint.get("/accounts/1/history", "The changes of its balance, the newest first."),
                        keyed("/accounts/1/deposit", "{\"amount\":100}", "deposit-1", "Adds an amount."),
                        keyed("/accounts/1/withdraw", "{\"amount\":40}", "withdraw-1", "Takes an amount away."),
                        keyed(
                                "/transfers",
                                "{\"from\":1,\"to\":2,\"amount\":30}",
                                "transfer-1",
                                "Moves an amount from one account to another.")));
    }

    private static Endpoint keyed(String target, String json, String key, String text) {
        return Endpoint.post(target, json, text).with(KEY, key);
    }

    private Response open(Request request) throws Exception {
        JsonFields fields = Json.read(request);
        String owner = fields.text("owner");
        fields.requireNoMore();
        UserRules.line("owner", owner).ifPresent(problem -> {
            throw HttpException.of(400, problem.message()).blaming(problem.field());
        });
        Account account = StoreFaults.await(ledger.open(owner));
        return Json.response(request, 201, ShownAccount.of(account)).with("Location", "/accounts/" + account.id());
    }

    private Response show(Request request) throws InterruptedException {
        Account account =
                StoreFaults.await(ledger.account(account(request))).orElseThrow(() -> HttpException.of(404, UNKNOWN));
        return Json.response(request, 200, ShownAccount.of(account));
    }

    private Response history(Request request) throws InterruptedException {
        Page page = Paging.page(request);
        List<Entry> found = StoreFaults.await(ledger.history(account(request), Paging.andOneMore(page)))
                .orElseThrow(() -> HttpException.of(404, UNKNOWN));
        return Paging.response(request, page, found, Entry::id, ShownEntry::of);
    }

    private Response deposit(Request request) throws Exception {
        return carryOut(request, Operation.deposit(account(request), amount(request)));
    }

    private Response withdraw(Request request) throws Exception {
        return carryOut(request, Operation.withdrawal(account(request), amount(request)));
    }

    private Response transfer(Request request) throws Exception {
        JsonFields fields = Json.read(request);
        long from = fields.wholeNumber("from", 1, Long.MAX_VALUE);
        long to = fields.wholeNumber("to", 1, Long.MAX_VALUE);
        long amount = fields.wholeNumber("amount", 1, Ledger.MOST);
        fields.requireNoMore();
        if (from == to) {
            throw HttpException.of(400, "Expected \"to\" to differ from \"from\"")
                    .blaming("to");
        }
        return carryOut(request, Operation.transfer(from, to, amount));
    }

    private static long account(Request request) {
        return Paging.id(request.pathParameter("id")).orElseThrow(() -> HttpException.of(400, "Invalid account ID"));
    }

    private static long amount(Request request) throws Exception {
        JsonFields fields = Json.read(request);
        long amount = fields.wholeNumber("amount", 1, Ledger.MOST);
        fields.requireNoMore();
        return amount;
    }

    private Response carryOut(Request request, Operation operation) throws InterruptedException {
        Decision decision = StoreFaults.await(ledger.carryOut(operation, key(request)));
        return switch (decision) {
            case Decision.Done(Account account) -> Json.response(request, 200, ShownAccount.of(account));
            case Decision.Moved(Transfer transfer) -> Json.response(request, 201, ShownTransfer.of(transfer));
            case Decision.Refused(Decision.Refusal why) -> throw refused(why, operation);
            case Decision.KeyTaken() ->
                throw HttpException.of(422, "This key belongs to another request")
                        .blaming(KEY);
        };
    }

    private static HttpException refused(Decision.Refusal why, Operation operation) {
        boolean isTransfer = operation.kind() == Operation.Kind.TRANSFER;
        return switch (why) {
            case UNKNOWN_SOURCE -> isTransfer ? HttpException.of(404, UNKNOWN).blaming("from") : unknown();
            case UNKNOWN_TARGET -> isTransfer ? HttpException.of(404, UNKNOWN).blaming("to") : unknown();
            case INSUFFICIENT -> HttpException.of(409, "Insufficient funds");
            case TOO_MUCH -> HttpException.of(409, "The balance would exceed " + Ledger.MOST);
        };
    }

    private static HttpException unknown() {
        return HttpException.of(404, UNKNOWN);
    }

    /** The key that the client chose for this request (draft-ietf-httpapi-idempotency-key-header). */
    private static String key(Request request) {
        List<String> keys = request.headers().all(KEY);
        if (keys.size() != 1 || !keys.getFirst().matches("[!-~]{1,255}")) {
            throw HttpException.of(
                            400,
                            "Expected one " + KEY + " of 1 to 255 visible ASCII characters, of your choice,"
                                    + " the same when you send this request again")
                    .blaming(KEY);
        }
        return keys.getFirst();
    }
}
