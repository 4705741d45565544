using System.ComponentModel;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Chard.Domain.Failures;
using Chard.Domain.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace Chard.Functions.Tests.Docs.IdempotentApiCall;

// The C# of docs/how-to/idempotent-api-call.md, word by word.
public sealed record ParcelOrder(string Order, int Grams);

public sealed record Parcel(string Number);

[Description("Books a parcel for an order, once.")]
[TaskPolicy(Attempts = 8, FirstDelaySeconds = 5, TimeLimitSeconds = 60, InDoubt = InDoubt.Probe, OnExhausted = OnExhausted.Park)]
public sealed class BookParcel(HttpClient carrier) : ITask<ParcelOrder, Parcel>, IProbe<ParcelOrder, Parcel>
{
    public async Task<Parcel> RunAsync(ParcelOrder args, TaskContext context, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "parcels") { Content = JsonContent.Create(args) };
        request.Headers.Add("Idempotency-Key", KeyOf(args));
        using HttpResponseMessage answer = await carrier.SendAsync(request, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            throw new TransientTaskException("still-booking", "The carrier is still at work on a request with this key.");
        }

        await HttpFailures.EnsureSuccessAsync(answer, context.Time, cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    public async Task<ProbeAnswer<Parcel>> DidItLandAsync(ParcelOrder args, TaskContext context, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await carrier.GetAsync($"parcels/by-key/{Uri.EscapeDataString(KeyOf(args))}", cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            return new(false, null);
        }

        await HttpFailures.EnsureSuccessAsync(answer, context.Time, cancellationToken);
        return new(true, await ReadAsync(answer, cancellationToken));
    }

    private static string KeyOf(ParcelOrder args) => $"parcel-{args.Order}";

    private static async Task<Parcel> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.Content.ReadFromJsonAsync<Parcel>(cancellationToken) ?? throw new JsonException("null is no parcel.");
        }
        catch (JsonException e)
        {
            throw new TransientTaskException("bad-answer", "The carrier answered, but not with a parcel.", e);
        }
    }
}

internal static class Setup
{
    public static void Add(ChardBuilder chard)
    {
        chard.Services.AddHttpClient<BookParcel>(client => client.BaseAddress = new Uri("https://api.carrier.example/"));
    }
}
