using System.Net;
using System.Text.Json.Serialization;
using Chard.Emulator.Functions.Durable;
using Chard.Emulator.Functions.Invocation;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>HTTP answers that tell a caller how to follow an orchestration.</summary>
public static class DurableTaskClientExtensions
{
    /// <summary>202 with the URLs of the instance in the body and the status URL as Location.</summary>
    public static Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        CancellationToken cancellation = default) => client.CreateCheckStatusResponseAsync(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <inheritdoc cref="CreateCheckStatusResponseAsync(DurableTaskClient, HttpRequestData, string, CancellationToken)"/>
    public static async Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        HttpStatusCode statusCode,
        CancellationToken cancellation = default)
    {
        var (response, payload) = Begin(client, request, instanceId, statusCode);
        await WorkerSerializer.Of(request.FunctionContext).SerializeAsync(response.Body, payload, typeof(HttpManagementPayload), cancellation);
        return response;
    }

    /// <inheritdoc cref="CreateCheckStatusResponseAsync(DurableTaskClient, HttpRequestData, string, CancellationToken)"/>
    public static HttpResponseData CreateCheckStatusResponse(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        CancellationToken cancellation = default) => client.CreateCheckStatusResponse(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <inheritdoc cref="CreateCheckStatusResponseAsync(DurableTaskClient, HttpRequestData, string, CancellationToken)"/>
    public static HttpResponseData CreateCheckStatusResponse(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        HttpStatusCode statusCode,
        CancellationToken cancellation = default)
    {
        var (response, payload) = Begin(client, request, instanceId, statusCode);
        WorkerSerializer.Of(request.FunctionContext).Serialize(response.Body, payload, typeof(HttpManagementPayload), cancellation);
        return response;
    }

    /// <summary>The URLs of an instance, under the address the request came to, else the host's.</summary>
    /// <exception cref="InvalidOperationException">There is neither a request nor a host.</exception>
    public static HttpManagementPayload CreateHttpManagementPayload(this DurableTaskClient client, string instanceId, HttpRequestData? request = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        return WebhookAddress.Payload(client, instanceId, request);
    }

    /// <summary>
    /// Waits until the instance has ended and answers 200 with what became of it, or 500 for a failed one where asked;
    /// 202 with its URLs when the token fires first.
    /// </summary>
    public static async Task<HttpResponseData> WaitForCompletionOrCreateCheckStatusResponseAsync(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        TimeSpan? retryInterval = null,
        bool returnInternalServerErrorOnFailure = false,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        var time = request.FunctionContext.InstanceServices.GetRequiredService<TimeProvider>();
        while (true)
        {
            var status = await client.GetInstanceAsync(instanceId, getInputsAndOutputs, CancellationToken.None);
            if (status is { IsCompleted: true })
            {
                return await EndAsync(request, status, returnInternalServerErrorOnFailure);
            }

            try
            {
                await Task.Delay(retryInterval ?? TimeSpan.FromSeconds(1), time, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return await client.CreateCheckStatusResponseAsync(request, instanceId, CancellationToken.None);
            }
        }
    }

    private static (HttpResponseData Response, HttpManagementPayload Payload) Begin(
        DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        HttpStatusCode statusCode)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        var payload = WebhookAddress.Payload(client, instanceId, request);
        var response = request.CreateResponse(statusCode);
        response.Headers.TryAddWithoutValidation("Location", payload.StatusQueryGetUri);
        response.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return (response, payload);
    }

    private static async Task<HttpResponseData> EndAsync(HttpRequestData request, OrchestrationMetadata status, bool failureIsError)
    {
        var isError = failureIsError && status.RuntimeStatus == OrchestrationRuntimeStatus.Failed;
        var response = request.CreateResponse(isError ? HttpStatusCode.InternalServerError : HttpStatusCode.OK);
        await response.WriteAsJsonAsync(new Ended(
            status.Name,
            status.InstanceId,
            status.CreatedAt,
            status.LastUpdatedAt,
            status.RuntimeStatus,
            status.SerializedInput,
            status.SerializedOutput,
            status.SerializedCustomStatus));
        return response;
    }

    private sealed record Ended(
        string Name,
        string InstanceId,
        DateTimeOffset CreatedAt,
        DateTimeOffset LastUpdatedAt,
        [property: JsonConverter(typeof(JsonStringEnumConverter<OrchestrationRuntimeStatus>))] OrchestrationRuntimeStatus RuntimeStatus,
        string? SerializedInput,
        string? SerializedOutput,
        string? SerializedCustomStatus);
}
