using Chard.LocalHost.Http;
using Microsoft.Azure.WebJobs.Host.Config;

namespace Chard.LocalHost.Durable;

/// <summary>Tells the durable extension where its HTTP API is, and the key that it puts into the links that it gives away.</summary>
#pragma warning disable CS0618 // The extension asks for this, obsolete or not.
internal sealed class Webhooks(Uri address, FunctionKeys? keys) : IWebHookProvider
#pragma warning restore CS0618
{
    public Uri GetUrl(IExtensionConfigProvider extension) =>
        new(address, ManagementApi.Path + (keys is null ? string.Empty : $"?code={keys.Durable}"));
}
