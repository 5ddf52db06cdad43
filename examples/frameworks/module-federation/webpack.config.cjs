// Two builds of two teams. Nothing is shared between them, so that each has a copy of Lockstep's client.

const { DefinePlugin, container } = require('webpack');

module.exports = ({ hub }) => {
  const define = new DefinePlugin({ HUB: JSON.stringify(hub) });
  const common = { mode: 'production', devtool: false, performance: { hints: false } };
  return [
    {
      ...common,
      name: 'remote',
      entry: {},
      output: { path: `${__dirname}/dist/host/remote`, publicPath: 'auto' },
      plugins: [
        define,
        new container.ModuleFederationPlugin({
          name: 'remote',
          filename: 'remote-entry.js',
          exposes: { './account': './src/account.js' },
        }),
      ],
    },
    {
      ...common,
      name: 'host',
      entry: './src/host.js',
      output: { path: `${__dirname}/dist/host`, filename: 'host.js', publicPath: '/' },
      plugins: [
        define,
        new container.ModuleFederationPlugin({ name: 'host', remotes: { remote: 'remote@/remote/remote-entry.js' } }),
      ],
    },
  ];
};
