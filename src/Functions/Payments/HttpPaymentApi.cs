using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Functions.Outgoing;
using Microsoft.Extensions.Options;

namespace Chard.Functions.Payments;

/// <summary>
/// The payment provider over HTTP: <c>POST /charges</c> with header <c>Idempotency-Key</c>, and <c>GET /charges?idempotencyKey=…</c>.
/// docs/workflows.md describes both. Neither card tokens nor bodies get into messages or logs.
/// </summary>
public sealed class HttpPaymentApi : IPaymentApi, IDisposable
{
    private const string Who = "The payment provider";
    private readonly PaymentOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;

    /// <summary>Takes the settings.</summary>
    public HttpPaymentApi(IOptions<PaymentOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        _time = time;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // each request has its own limit
        };
        if (_options.ApiKey is not null)
        {
            _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _options.ApiKey);
        }
    }

    /// <inheritdoc/>
    public async Task<Charge> ChargeAsync(ChargeOrderArgs order, string idempotencyKey, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(order);
        return await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, UrlOf("charges"))
            {
                Headers = { { "Idempotency-Key", idempotencyKey } },
                Content = JsonBody.Of(new
                {
                    order.Order,
                    Amount = Money.Text(order.Amount, order.Currency),
                    order.Currency,
                    order.Card,
                }),
            },
            answer => ChargeOf(answer.Text),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Charge?> FindAsync(string idempotencyKey, CancellationToken cancellationToken) =>
        SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, UrlOf("charges?idempotencyKey=" + Uri.EscapeDataString(idempotencyKey))),
            answer => answer.Status == HttpStatusCode.NotFound ? null : ChargeOf(answer.Text),
            cancellationToken,
            HttpStatusCode.NotFound);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private Task<T> SendAsync<T>(
        Func<HttpRequestMessage> create,
        Func<(HttpStatusCode Status, string Text), T> read,
        CancellationToken cancellationToken,
        HttpStatusCode? alsoGood = null) =>
        NetworkFaults.TranslateAsync(
            Who,
            TimeSpan.FromSeconds(_options.TimeoutSeconds),
            async timeout =>
            {
                using HttpRequestMessage request = create();
                using HttpResponseMessage answer = await _client.SendAsync(
                    request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
                (string text, _) = await BoundedText.ReadAsync(answer.Content, timeout.Token);
                if (answer.StatusCode != alsoGood && FailureOf(answer, text) is { } failure)
                {
                    throw failure;
                }

                return read((answer.StatusCode, text));
            },
            cancellationToken);

    private TaskFailureException? FailureOf(HttpResponseMessage answer, string text)
    {
        if (answer.StatusCode == HttpStatusCode.PaymentRequired)
        {
            string reason = DeclineCodeOf(text) is { } code ? $": {code}" : "";
            return new PermanentTaskException("card-declined", $"The card was declined{reason}. Ask for another way to pay.");
        }

        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            return new TransientTaskException("http-409", $"{Who} is still at work on a request with the same key.");
        }

        string? retryAfter = answer.Headers.TryGetValues("Retry-After", out IEnumerable<string>? values) ? values.First() : null;
        return AnswerFailures.Of((int)answer.StatusCode, retryAfter, _time.GetUtcNow(), Who);
    }

    /// <summary>The provider's word for why, if it is a plain word: anything else might repeat what was sent.</summary>
    private static string? DeclineCodeOf(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("code", out JsonElement value)
                && value.ValueKind == JsonValueKind.String
                && value.GetString() is { Length: > 0 and <= 64 } code
                && code.All(c => char.IsAsciiLetterLower(c) || c is '_' or '-')
                ? code
                : null;
        }
        catch (JsonException)
        {
            return null; // a decline without a readable reason is still a decline
        }
    }

    private static Charge ChargeOf(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement charge = document.RootElement;
            if (charge.ValueKind == JsonValueKind.Object && charge.TryGetProperty("id", out JsonElement id)
                && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 and <= 200 } number)
            {
                return new(
                    number, AmountOf(charge), charge.TryGetProperty("currency", out JsonElement currency) ? currency.GetString() : null);
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            throw BadAnswer(e);
        }

        throw BadAnswer(null);
    }

    private static decimal? AmountOf(JsonElement charge) =>
        !charge.TryGetProperty("amount", out JsonElement amount) ? null
        : amount.ValueKind == JsonValueKind.String
            ? decimal.Parse(amount.GetString()!, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
        : amount.GetDecimal();

    private static TransientTaskException BadAnswer(Exception? inner) =>
        new("bad-answer", $"{Who} answered, but not with a charge: a JSON object with an id.", inner);

    private Uri UrlOf(string path) =>
        _options.BaseUrl is { } url
            ? new Uri(url.TrimEnd('/') + "/" + path)
            : throw new PermanentTaskException(
                "payments-not-configured", $"Set {PaymentOptions.Section}:BaseUrl to the payment provider's address.");
}
