using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Chard.Emulator.Tables.Accounts;

namespace Chard.Emulator.Tables.Wire;

/// <summary>Makes the requests of the Table service's protocol and sends them through Azure.Core's pipeline, which retries, logs and signs.</summary>
internal sealed class TableChannel
{
    private const string MinimalMetadata = "application/json;odata=minimalmetadata";

    private static readonly StatusCodeClassifier NotFoundIsFine = new([200, 202, 204, 404]);
    private static readonly StatusCodeClassifier ConflictIsFine = new([201, 204, 409]);

    private readonly HttpPipeline pipeline;
    private readonly string version;

    private TableChannel(Uri endpoint, HttpPipeline pipeline, string version)
    {
        Endpoint = endpoint;
        EndpointText = endpoint.AbsoluteUri.TrimEnd('/');
        this.pipeline = pipeline;
        this.version = version;
    }

    /// <summary>The account's address.</summary>
    public Uri Endpoint { get; }

    public string EndpointText { get; }

    /// <param name="endpoint">The account's address, without a query.</param>
    /// <param name="options">The caller's, or null.</param>
    /// <param name="perCall">Runs once a call, before the retries; may be null.</param>
    /// <param name="perRetry">Runs at every attempt; may be null.</param>
    public static TableChannel Open(Uri endpoint, TableClientOptions options, HttpPipelinePolicy perCall, HttpPipelinePolicy perRetry)
    {
        options ??= TableClientOptions.Standard();
        var pipelineOptions = new HttpPipelineOptions(options) { RequestFailedDetailsParser = TableErrors.Parser };
        if (perCall is not null)
        {
            pipelineOptions.PerCallPolicies.Add(perCall);
        }

        if (perRetry is not null)
        {
            pipelineOptions.PerRetryPolicies.Add(perRetry);
        }

        return new TableChannel(endpoint, HttpPipelineBuilder.Build(pipelineOptions), options.Version);
    }

    /// <summary>The channel to the copy in the other region: the same account with <c>-secondary</c> after its name.</summary>
    public TableChannel Secondary()
    {
        var builder = new UriBuilder(Endpoint);
        if (TableAddress.IsPathStyle(Endpoint))
        {
            builder.Path = $"{builder.Path.TrimEnd('/')}-secondary";
        }
        else
        {
            var dot = Endpoint.Host.IndexOf('.', StringComparison.Ordinal);
            builder.Host = $"{Endpoint.Host[..dot]}-secondary{Endpoint.Host[dot..]}";
        }

        return new TableChannel(builder.Uri, pipeline, version);
    }

    /// <param name="method">What to do.</param>
    /// <param name="path">To what: after the account's address, escaped, with a query or none.</param>
    public HttpMessage Message(RequestMethod method, string path)
    {
        var message = pipeline.CreateMessage();
        var request = message.Request;
        request.Method = method;
        request.Uri.Reset(Endpoint);
        var query = path.IndexOf('?', StringComparison.Ordinal);
        request.Uri.AppendPath(query < 0 ? path : path[..query], escape: false);
        if (query >= 0)
        {
            request.Uri.Query = path[query..];
        }

        request.Headers.Add("x-ms-version", version);
        request.Headers.Add("DataServiceVersion", "3.0");
        request.Headers.Add("Accept", MinimalMetadata);
        return message;
    }

    /// <summary>A request with an entity or a table in its body, whose answer needs no body.</summary>
    public HttpMessage WriteMessage(RequestMethod method, string path, RequestContent content)
    {
        var message = Message(method, path);
        message.Request.Headers.Add("Prefer", "return-no-content");
        message.Request.Headers.Add("Content-Type", "application/json");
        message.Request.Content = content;
        return message;
    }

    /// <summary>Sends, and throws what the service answers if that is neither success nor the one status (404 or 409) that the caller takes as an answer.</summary>
    /// <exception cref="RequestFailedException">The service refused, or could not be reached.</exception>
    public async ValueTask<Response> SendAsync(HttpMessage message, bool async, CancellationToken cancellationToken, int tolerated = 0)
    {
        if (tolerated != 0)
        {
            // It is an answer: neither logs nor traces shall call it an error.
            message.ResponseClassifier = tolerated == 409 ? ConflictIsFine : NotFoundIsFine;
        }

        if (async)
        {
            await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            pipeline.Send(message, cancellationToken);
        }

        var response = message.Response;
        return response.Status is >= 200 and < 300 || response.Status == tolerated ? response : throw new RequestFailedException(response);
    }

    /// <summary>The path of an entity: <c>/Table(PartitionKey='…',RowKey='…')</c>, quotes doubled, all else escaped.</summary>
    public static string EntityPath(string table, string partitionKey, string rowKey)
        => $"/{table}(PartitionKey='{Key(partitionKey)}',RowKey='{Key(rowKey)}')";

    /// <summary>A key as it stands between the quotes of an address.</summary>
    public static string Key(string key)
        => Uri.EscapeDataString(key.Contains('\'', StringComparison.Ordinal) ? key.Replace("'", "''", StringComparison.Ordinal) : key);
}
