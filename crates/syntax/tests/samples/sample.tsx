import React from 'react';
/** A button. */
export const Button: React.FC<Props> = ({ label, onClick }) => {
  const [on, setOn] = React.useState(false);
  return <div className="box">{on && <Icon name="x" />}<button onClick={() => onClick(label)}>{label}</button></div>;
};
export default Button;
