using System.Globalization;
using Chard.LocalHost.Functions;
using Chard.LocalHost.Worker.Protocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Chard.LocalHost.Http;

/// <summary>
/// Requests and responses within messages of the protocol, for apps without the ASP.NET Core integration. Bodies are held in memory.
/// </summary>
internal static class HttpMessages
{
    public static async Task<TypedData> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var http = new RpcHttp
        {
            Method = request.Method,
            Url = request.GetEncodedUrl(),
            Body = new TypedData { Bytes = await ByteString.FromStreamAsync(request.Body, cancellation) },
        };
        foreach (var (name, value) in request.Headers)
        {
            http.NullableHeaders[name] = new NullableString { Value = value.ToString() };
        }

        foreach (var (name, value) in request.Query)
        {
            http.NullableQuery[name] = new NullableString { Value = value.ToString() };
        }

        return new TypedData { Http = http };
    }

    public static async Task WriteAsync(
        FunctionDefinition function, InvocationResponse answer, HttpResponse response, CancellationToken cancellation)
    {
        var data = answer.ReturnValue
            ?? answer.OutputData.FirstOrDefault(output => output.Data?.DataCase == TypedData.DataOneofCase.Http)?.Data;
        if (answer.Result.Status != StatusResult.Types.Status.Success)
        {
            response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        else if (data?.DataCase == TypedData.DataOneofCase.Http)
        {
            response.StatusCode = int.Parse(data.Http.StatusCode, CultureInfo.InvariantCulture);
            foreach (var (name, value) in data.Http.Headers)
            {
                response.Headers[name] = value;
            }

            foreach (var cookie in data.Http.Cookies)
            {
                response.Cookies.Append(cookie.Name, cookie.Value);
            }

            await WriteAsync(response, data.Http.Body, cancellation);
        }
        else
        {
            await WriteAsync(response, data, cancellation);
        }
    }

    private static async Task WriteAsync(HttpResponse response, TypedData? body, CancellationToken cancellation)
    {
        if (body?.DataCase == TypedData.DataOneofCase.Bytes)
        {
            await response.Body.WriteAsync(body.Bytes.Memory, cancellation);
        }
        else if (body?.DataCase is TypedData.DataOneofCase.String or TypedData.DataOneofCase.Json)
        {
            await response.WriteAsync(body.DataCase == TypedData.DataOneofCase.Json ? body.Json : body.String, cancellation);
        }
    }
}
