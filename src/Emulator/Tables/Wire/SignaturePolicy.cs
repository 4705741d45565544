using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Chard.Emulator.Tables.Wire;

/// <summary>Appends a shared access signature to the query of every request. An updated credential counts from the next call on.</summary>
internal sealed class SignaturePolicy(AzureSasCredential credential) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var uri = message.Request.Uri;
        var signature = credential.Signature.TrimStart('?');
        uri.Query = string.IsNullOrEmpty(uri.Query) ? $"?{signature}" : $"{uri.Query}&{signature}";
    }
}
