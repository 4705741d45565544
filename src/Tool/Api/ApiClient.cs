using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Chard.Tool.Api;

/// <summary>Speaks to an app's HTTP API (docs/http-api.md).</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly HttpClient http;

    /// <param name="address">Of the app, with or without <c>/api</c>.</param>
    /// <param name="key">Function key; null for none.</param>
    public ApiClient(Uri address, string? key)
    {
        string root = address.ToString().TrimEnd('/');
        Root = new Uri(root.EndsWith("/api", StringComparison.OrdinalIgnoreCase) ? $"{root}/" : $"{root}/api/");
        // A redirect would carry the key to wherever it leads.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(15) };
        http = new HttpClient(handler) { BaseAddress = Root, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("chard", ThisVersion));
        if (key is not null)
        {
            http.DefaultRequestHeaders.Add("x-functions-key", key);
        }
    }

    /// <summary>Where the routes are.</summary>
    public Uri Root { get; }

    private static string ThisVersion => typeof(ApiClient).Assembly.GetName().Version!.ToString(3);

    /// <summary>Reads a document.</summary>
    public async Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        await GetAsync(path, tag: null, cancellationToken) ?? throw NoDocument();

    /// <summary>Reads a document; null if it is still the one that <paramref name="tag"/> names.</summary>
    public async Task<ApiAnswer?> GetAsync(string path, string? tag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        return await AnswerAsync(request, Patience, cancellationToken);
    }

    /// <summary>Sends a document, or nothing, and reads the answer.</summary>
    public async Task<ApiAnswer> PostAsync(
        string path, string? json, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        AddKey(request, idempotencyKey);
        return await AnswerAsync(request, Patience, cancellationToken) ?? throw NoDocument();
    }

    /// <summary>Sends a file of any size.</summary>
    public async Task<ApiAnswer> UploadAsync(
        string path, UploadContent content, string? idempotencyKey, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        // So that a refusal comes before the gigabyte, not after.
        request.Headers.ExpectContinue = true;
        AddKey(request, idempotencyKey);
        return await AnswerAsync(request, Timeout.InfiniteTimeSpan, cancellationToken) ?? throw NoDocument();
    }

    /// <summary>Hands on the body of an answer of any size, as it comes.</summary>
    public async Task DownloadAsync(string path, Func<Stream, Task> copy, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using HttpResponseMessage response = await SendAsync(request, Timeout.InfiniteTimeSpan, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await ProblemAsync(response, cancellationToken);
        }

        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            await copy(body);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException)
        {
            throw Unreachable(e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private static void AddKey(HttpRequestMessage request, string? idempotencyKey)
    {
        if (idempotencyKey is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
        }
    }

    private async Task<ApiAnswer?> AnswerAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(request, patience, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotModified)
        {
            return null;
        }

        if (!response.IsSuccessStatusCode)
        {
            throw await ProblemAsync(response, cancellationToken);
        }

        string text = await TextAsync(response, cancellationToken);
        try
        {
            return new ApiAnswer(text, JsonElement.Parse(text), response.Headers.ETag?.ToString());
        }
        catch (JsonException)
        {
            throw NoDocument();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable("it did not answer in time");
        }
    }

    private async Task<Exception> ProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        return status is >= 300 and < 400
            ? new ToolException($"{Root} leads elsewhere, to {response.Headers.Location}. Give that address.", ExitCode.Unreachable)
            : new ApiProblemException(status, await TextAsync(response, cancellationToken));
    }

    private async Task<string> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Unreachable(e.Message);
        }
    }

    private AppUnreachableException Unreachable(string why) => new($"{Root} cannot be reached: {why}");

    private ToolException NoDocument() =>
        new($"{Root} answers something that is no JSON. Is it the address of a Chard app?", ExitCode.Unreachable);
}
