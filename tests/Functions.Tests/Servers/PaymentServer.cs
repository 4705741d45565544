using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Chard.Functions.Tests.Servers;

/// <summary>How the payment server treats one request to charge.</summary>
public enum PaymentAnswer
{
    /// <summary>Charges and says so.</summary>
    Charge,

    /// <summary>402 with a decline code.</summary>
    Decline,

    /// <summary>429 with Retry-After in seconds.</summary>
    Throttle,

    /// <summary>429 with Retry-After as a date.</summary>
    ThrottleUntil,

    /// <summary>429 without a hint.</summary>
    ThrottleSilently,

    /// <summary>500 and no charge.</summary>
    Fail,

    /// <summary>409: another request with the key is being worked on.</summary>
    Conflict,

    /// <summary>400.</summary>
    Refuse,

    /// <summary>Charges and never answers.</summary>
    ChargeAndHang,

    /// <summary>Charges and breaks the connection.</summary>
    ChargeAndDrop,

    /// <summary>Charges and answers 200 with something that is no charge.</summary>
    ChargeAndBabble,
}

/// <summary>
/// A payment provider: charges once per idempotency key, and can be told how to treat the next requests. A declined request is not
/// remembered, so the same key may be charged with another card.
/// </summary>
public sealed class PaymentServer : LocalServer
{
    private readonly ConcurrentQueue<PaymentAnswer> _script = new();
    private readonly ConcurrentDictionary<string, string> _charges = new();
    private int _money;

    /// <summary>What <see cref="PaymentAnswer.Throttle"/> says, in seconds.</summary>
    public int RetryAfterSeconds { get; set; } = 7;

    /// <summary>What <see cref="PaymentAnswer.ThrottleUntil"/> says.</summary>
    public DateTimeOffset RetryAt { get; set; }

    /// <summary>Bearer token to insist on; null to let anyone in.</summary>
    public string? ApiKey { get; set; }

    /// <summary>How often money moved.</summary>
    public int Charged => _money;

    /// <summary>Charges by idempotency key, as the JSON that was answered.</summary>
    public IReadOnlyDictionary<string, string> Charges => _charges;

    /// <summary>Idempotency keys of all requests to charge, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Bodies of all requests to charge, in order.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>Queries of all searches for a charge, in order.</summary>
    public ConcurrentQueue<string> Searches { get; } = new();

    /// <summary>Treats the next requests in this order; those after them are charged.</summary>
    public PaymentServer Next(params PaymentAnswer[] answers)
    {
        foreach (PaymentAnswer answer in answers)
        {
            _script.Enqueue(answer);
        }

        return this;
    }

    /// <inheritdoc/>
    protected override async Task HandleAsync(HttpContext context)
    {
        if (ApiKey is not null && context.Request.Headers.Authorization != $"Bearer {ApiKey}")
        {
            context.Response.StatusCode = 401;
            return;
        }

        switch (context.Request.Method, context.Request.Path.Value)
        {
            case ("GET", "/charges"):
                string key = context.Request.Query["idempotencyKey"].ToString();
                Searches.Enqueue(key);
                context.Response.StatusCode = _charges.TryGetValue(key, out string? charge) ? 200 : 404;
                await context.Response.WriteAsync(charge ?? "");
                break;

            case ("POST", "/charges"):
                using (var reader = new StreamReader(context.Request.Body))
                {
                    // As simple servers do: what has no length has no body.
                    string body = context.Request.ContentLength is null ? "" : await reader.ReadToEndAsync(context.RequestAborted);
                    string idempotencyKey = context.Request.Headers["Idempotency-Key"].ToString();
                    Bodies.Enqueue(body);
                    Requests.Enqueue(idempotencyKey);
                    await AnswerAsync(
                        context, () => Take(idempotencyKey, body), _script.TryDequeue(out PaymentAnswer answer)
                            ? answer : PaymentAnswer.Charge);
                }

                break;

            default:
                context.Response.StatusCode = 404;
                break;
        }
    }

    private async Task AnswerAsync(HttpContext context, Func<string> charge, PaymentAnswer answer)
    {
        HttpResponse response = context.Response;
        switch (answer)
        {
            case PaymentAnswer.Decline:
                response.StatusCode = 402;
                await response.WriteAsync("""{"code":"insufficient_funds","message":"card tok_visa has no funds"}""");
                break;
            case PaymentAnswer.Throttle or PaymentAnswer.ThrottleUntil or PaymentAnswer.ThrottleSilently:
                response.StatusCode = 429;
                if (answer != PaymentAnswer.ThrottleSilently)
                {
                    response.Headers.RetryAfter = answer == PaymentAnswer.Throttle ? $"{RetryAfterSeconds}" : RetryAt.ToString("r");
                }

                break;
            case PaymentAnswer.Fail:
                response.StatusCode = 500;
                break;
            case PaymentAnswer.Conflict:
                response.StatusCode = 409;
                break;
            case PaymentAnswer.Refuse:
                response.StatusCode = 400;
                await response.WriteAsync("bad card tok_visa");
                break;
            case PaymentAnswer.ChargeAndHang:
                charge();
                await HangAsync(context);
                break;
            case PaymentAnswer.ChargeAndDrop:
                charge();
                context.Abort();
                break;
            case PaymentAnswer.ChargeAndBabble:
                charge();
                await response.WriteAsync("<html>ok</html>");
                break;
            default:
                response.StatusCode = 201;
                await response.WriteAsync(charge());
                break;
        }
    }

    private string Take(string key, string body)
    {
        lock (_charges)
        {
            if (!_charges.TryGetValue(key, out string? charge))
            {
                JsonElement order = JsonElement.Parse(body);
                charge = JsonSerializer.Serialize(new
                {
                    id = $"ch_{++_money}",
                    amount = order.GetProperty("amount").GetString(),
                    currency = order.GetProperty("currency").GetString(),
                });
                _charges[key] = charge;
            }

            return charge;
        }
    }
}
