using System.Net;
using System.Net.Http.Headers;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Chard.Emulator.Tests.Tables;

/// <summary>A transport that answers as told and keeps what it was asked; a status of 0 is a connection that breaks.</summary>
internal sealed class ScriptedTransport : HttpMessageHandler
{
    private readonly Queue<(int Status, string Body)> answers;

    public ScriptedTransport(params (int Status, string Body)[] answers) => this.answers = new(answers);

    public List<SentRequest> Requests { get; } = [];

    public TableClientOptions Options(Action<TableClientOptions>? configure = null)
    {
        var options = new TableClientOptions { Transport = new HttpClientTransport(this) };
        options.Retry.Delay = TimeSpan.Zero;
        options.Retry.MaxDelay = TimeSpan.Zero;
        configure?.Invoke(options);
        return options;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add(new SentRequest(
            request.Method.Method,
            request.RequestUri!,
            request.Headers.Concat(request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()).ToDictionary(header => header.Key, header => string.Join(", ", header.Value)),
            request.Content is null ? string.Empty : await request.Content.ReadAsStringAsync(cancellationToken)));
        var (status, body) = answers.Dequeue();
        if (status == 0)
        {
            throw new HttpRequestException("The connection broke.");
        }

        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return response;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        => SendAsync(request, cancellationToken).GetAwaiter().GetResult();
}

internal sealed record SentRequest(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string Body);
