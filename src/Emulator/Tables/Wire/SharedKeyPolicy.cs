using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Chard.Emulator.Tables.Wire;

/// <summary>Signs every attempt with the account's key by the scheme SharedKeyLite: a retry gets a fresh date, or the service would refuse it after a quarter of an hour.</summary>
internal sealed class SharedKeyPolicy(TableSharedKeyCredential credential, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var request = message.Request;
        var date = time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        var uri = request.Uri.ToUri();
        var signature = credential.Sign($"{date}\n/{credential.AccountName}{uri.AbsolutePath}{Component(uri.Query)}");
        request.Headers.SetValue("x-ms-date", date);
        request.Headers.SetValue("Authorization", $"SharedKeyLite {credential.AccountName}:{signature}");
    }

    /// <summary>The only part of a query that is signed: which component of the resource is meant.</summary>
    private static string Component(string query)
    {
        foreach (var range in query.AsSpan().TrimStart('?').Split('&'))
        {
            var part = query.AsSpan().TrimStart('?')[range];
            if (part.StartsWith("comp=", StringComparison.OrdinalIgnoreCase))
            {
                return $"?{part}";
            }
        }

        return string.Empty;
    }
}
